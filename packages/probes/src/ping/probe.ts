import { isIPv6 } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { parseHost } from '../address.ts';
import { resolveHost } from '../dns/resolve-host.ts';
import { median } from '../median.ts';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { outputOf, type Printed } from '../program.ts';
import { type PingReport, parsePing } from './parse.ts';
import { StandingPings } from './standing.ts';

/** Four packets a fifth of a second apart, the shortest interval that every `ping` allows every user. */
const packets = 4;
/** How long a late reply is waited for: a geostationary hop with an adaptive return link takes that long. */
const replyWaitS = 3;
/** `ping` prints its statistics on an interrupt. */
const endsWithStatistics = 'SIGINT';

const standing = new StandingPings();

/**
 * ICMP echo through the system's `ping`; on Linux one that goes on from run to run, where runs follow closely. On
 * Windows it says that ICMP is not available: a child process each few seconds is what a classroom PC would feel.
 */
export const ping: Probe = {
  measurement: 'ping',
  budgetMs: 10_000,
  checkAddress: (address) => (parseHost(address) === undefined ? `"${address}" is not a host` : undefined),
  run: async (address, context) => {
    if (process.platform === 'win32') return { ok: false, source: 'agent', error: 'icmp is not available' };
    const resolved = await resolve(address, context);
    if (!resolved.ok) return resolved;
    const report = process.platform === 'linux' ? standing.take(resolved.address) : undefined;
    return report === undefined ? runPing(resolved.address, context) : resultOf(report);
  },
};

/** The same on every system: for a single run that a person asks for. */
export const pingOnce: Probe = {
  ...ping,
  run: async (address, context) => {
    const resolved = await resolve(address, context);
    return resolved.ok ? runPing(resolved.address, context) : resolved;
  },
};

/** Resolved here, so that an unknown name is told in no language at all. */
async function resolve(address: string, context: ProbeContext): ReturnType<typeof resolveHost> {
  const host = parseHost(address);
  if (host === undefined) return { ok: false, source: 'agent', error: 'not a host' };
  return resolveHost(host, context);
}

async function runPing(address: string, { signal }: ProbeContext): Promise<ProbeResult> {
  try {
    const { program, args } = commandOf(address, process.platform);
    return pingResult(await outputOf(program, args, signal, endsWithStatistics));
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    return { ok: false, source: 'agent', error: missing ? 'no ping program' : messageOf(error) };
  }
}

/** The same few arguments for all: addresses only, a fixed number of packets, an end. */
export function commandOf(
  address: string,
  platform: NodeJS.Platform,
): Readonly<{ program: string; args: string[] }> {
  if (platform === 'win32')
    return { program: 'ping.exe', args: ['-n', `${packets}`, '-w', `${replyWaitS * 1000}`, address] };
  const common = ['-n', '-c', `${packets}`, '-i', '0.2'];
  if (platform === 'linux') return { program: 'ping', args: [...common, '-W', `${replyWaitS}`, address] };
  // macOS and the BSDs: the wait has another unit each, and IPv6 its own program.
  return { program: isIPv6(address) ? 'ping6' : 'ping', args: [...common, address] };
}

/** What `ping` said as the result of the probe. */
export function pingResult({ output, errors }: Printed): ProbeResult {
  const { sent, rttsMs, undeliverable } = parsePing(output);
  if (sent !== undefined && sent >= rttsMs.length) return resultOf({ sent, rttsMs, undeliverable });
  // Without a route it does not even begin: the cable is out, which is the path's first metre.
  if (/unreachable|no route|cannot assign/i.test(errors))
    return { ok: false, source: 'path', error: 'unreachable' };
  return { ok: false, source: 'agent', error: errors.trim().split('\n')[0] || 'ping was not understood' };
}

function resultOf({ sent, rttsMs, undeliverable }: PingReport & { sent: number }): ProbeResult {
  const counts = { sent, received: rttsMs.length, loss_ratio: sent === 0 ? 0 : 1 - rttsMs.length / sent };
  if (rttsMs.length === 0)
    return {
      ok: false,
      source: 'path',
      error: undeliverable > 0 ? 'unreachable' : 'no reply',
      fields: counts,
    };
  const fields = {
    ...counts,
    rtt_min_ms: Math.min(...rttsMs),
    rtt_ms: median(rttsMs),
    rtt_max_ms: Math.max(...rttsMs),
  };
  return { ok: true, fields };
}
