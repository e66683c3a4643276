import { codeOf } from '@tongtang/runtime/errors';
import { parseHostPort } from '../address.ts';
import { resolveHost } from '../dns/resolve-host.ts';
import type { FailureSource, Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { sessionMetrics } from './metrics.ts';
import { runSession, type SessionRecord, session } from './sender.ts';

/** RFC 8762 section 4.1. */
const defaultPort = 862;

/** One session of test packets to a Session-Reflector. */
export const stamp: Probe = {
  measurement: 'stamp',
  budgetMs:
    2000 +
    (session.packets / session.together) * session.gapMs.max +
    session.lateMs +
    session.closing.packets * session.closing.waitMs,
  checkAddress: (address) =>
    parseHostPort(address, defaultPort) === undefined ? `"${address}" is not host or host:port` : undefined,
  run: async (address, context) => {
    const place = parseHostPort(address, defaultPort);
    if (place === undefined) return { ok: false, source: 'agent', error: 'not host or host:port' };
    const found = await addressOf(place.host, context);
    if (!found.ok) return { ok: false, source: found.source, error: found.error };
    const result = resultOf(await runSession(found.address, place.port, context.signal));
    // It may have moved.
    if (!result.ok) addresses.delete(place.host);
    return result;
  },
};

/**
 * So long an address is used again: asking for a name every 10 s is more traffic than all telemetry, and how the
 * resolver does is not what this probe measures. Milliseconds.
 */
const rememberedMs = 300_000;
const addresses = new Map<string, Readonly<{ address: string; untilMs: number }>>();

async function addressOf(
  host: string,
  context: ProbeContext,
): Promise<Readonly<{ ok: true; address: string }> | Extract<ProbeResult, { ok: false }>> {
  const now = context.monotonicMs();
  const remembered = addresses.get(host);
  if (remembered !== undefined && now < remembered.untilMs) return { ok: true, address: remembered.address };
  const resolved = await resolveHost(host, context);
  if (resolved.ok) addresses.set(host, { address: resolved.address, untilMs: now + rememberedMs });
  return resolved;
}

function resultOf({ sent, replies, error }: SessionRecord): ProbeResult {
  const fields = sessionMetrics(sent, replies);
  if (fields.received > 0) return { ok: true, fields };
  const code = error === undefined ? 'no reply' : (codeOf(error) ?? error.message);
  return { ok: false, source: sourceOf(code), error: code, ...(sent.length > 0 && { fields }) };
}

/** The system reports an ICMP "port unreachable" as a refusal; Windows calls it a reset. */
const refusals = new Set(['ECONNREFUSED', 'ECONNRESET']);
/** This machine ran out of something, or its own firewall said no: nothing was learnt about the path. */
const ownErrors = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EACCES', 'EPERM']);

function sourceOf(code: string): FailureSource {
  if (refusals.has(code)) return 'target';
  return ownErrors.has(code) ? 'agent' : 'path';
}
