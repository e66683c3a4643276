import { isIPv6 } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { failureToListen } from '../mpegts/membership.ts';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { connect } from '../tcp/connect.ts';
import { parseSatipAddress, type SatipAddress } from './address.ts';
import { activeStatuses } from './description.ts';
import { listenForStatus } from './listen.ts';
import { resultOf } from './result.ts';
import { requestDescription } from './rtsp.ts';

/**
 * The tuner of a SAT>IP server, without having one: the server is asked for what it sends to others, or listened to where it
 * sends to a group. Nothing is set up or tuned.
 */
export const satip: Probe = {
  measurement: 'signal',
  // As for TCP: three chances for a SYN over a satellite hop.
  budgetMs: 10_000,
  checkAddress: (address) => {
    const parsed = parseSatipAddress(address);
    return 'problem' in parsed ? parsed.problem : undefined;
  },
  run: async (address, context) => {
    const parsed = parseSatipAddress(address);
    if ('problem' in parsed) return { ok: false, source: 'agent', error: parsed.problem };
    return parsed.kind === 'server' ? ask(parsed, context) : listen(parsed, context);
  },
};

async function ask(
  { server, choice }: Extract<SatipAddress, { kind: 'server' }>,
  context: ProbeContext,
): Promise<ProbeResult> {
  const connection = await connect(server, context);
  if (!connection.ok) {
    const { source, error } = connection;
    return { ok: false, source, error };
  }
  const { socket } = connection;
  try {
    // Some servers know themselves by their address only.
    const { remoteAddress: host = server.host } = socket;
    const answer = await requestDescription(
      socket,
      `rtsp://${isIPv6(host) ? `[${host}]` : host}:${server.port}/`,
    );
    if ('problem' in answer) return { ok: false, source: 'target', error: answer.problem };
    // 404 Not Found, 454 Session Not Found: nothing to describe.
    if (answer.status === 404 || answer.status === 454) return resultOf([], '', choice);
    if (answer.status !== 200) return { ok: false, source: 'target', error: `RTSP ${answer.status}` };
    return resultOf(activeStatuses(answer.body), `${answer.server} ${answer.body}`, choice);
  } catch (error) {
    const reason = context.signal.aborted ? 'timeout' : (codeOf(error) ?? messageOf(error));
    return { ok: false, source: 'target', error: reason };
  }
}

async function listen(
  { group }: Extract<SatipAddress, { kind: 'group' }>,
  { signal }: ProbeContext,
): Promise<ProbeResult> {
  try {
    const status = await listenForStatus(group, signal);
    if (status === undefined) return { ok: false, source: 'path', error: 'no RTCP of a SAT>IP server' };
    return resultOf([status], '', {});
  } catch (error) {
    return failureToListen(error);
  }
}
