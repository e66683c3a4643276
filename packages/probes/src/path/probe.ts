import { networkInterfaces } from 'node:os';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { parseHost } from '../address.ts';
import { resolveHost } from '../dns/resolve-host.ts';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { outputOf, type Printed } from '../program.ts';
import { parseTrace } from './parse.ts';
import { fieldsOf, KnownRoutes, routeOf } from './route.ts';

/** Enough for any way to a hub in the same country; and what every make of the programs takes as its own default. */
const mostHops = 30;
/** For an answer over a geostationary satellite with a queue before it. Seconds. */
const answerWaitS = 2;
/** Ten minutes on average between runs that a change asks for: a link that comes and goes does not make traces all the time. */
const apartS = 600;

const known = new KnownRoutes();

/** The route to a target through the system's own programs, none of which needs root. */
export const path: Probe = {
  measurement: 'path',
  // Where a silent hop is waited for before the next one is tried, twenty of them.
  budgetMs: mostHops * 1000 + 10_000,
  // On Windows only then: nothing there that runs on a beat may start a program.
  onChange: { apartS, only: process.platform === 'win32' },
  checkAddress: (address) => (parseHost(address) === undefined ? `"${address}" is not a host` : undefined),
  run: async (address, context) => {
    const host = parseHost(address);
    if (host === undefined) return { ok: false, source: 'agent', error: 'not a host' };
    const resolved = await resolveHost(host, context);
    return resolved.ok ? trace(address, resolved.address, context) : resolved;
  },
};

export type Command = Readonly<{ program: string; args: readonly string[] }>;

/** The programs that can tell a route, the best first: addresses only, one packet a hop where that can be said. */
export function commandsFor(address: string, platform: NodeJS.Platform): readonly Command[] {
  const hops = `${mostHops}`;
  if (platform === 'win32')
    return [{ program: 'tracert.exe', args: ['-d', '-h', hops, '-w', `${answerWaitS * 1000}`, address] }];
  const traceroute = ['-n', '-q', '1', '-w', `${answerWaitS}`, '-m', hops, address];
  // macOS and the BSDs: IPv6 has its own program.
  if (platform !== 'linux')
    return [{ program: address.includes(':') ? 'traceroute6' : 'traceroute', args: traceroute }];
  return [
    { program: 'traceroute', args: traceroute },
    // It keeps what it prints to itself until its end, which may not come; `stdbuf` is of the coreutils.
    { program: 'stdbuf', args: ['-oL', 'tracepath', '-n', '-m', hops, address] },
  ];
}

async function trace(target: string, address: string, context: ProbeContext): Promise<ProbeResult> {
  let failure: ProbeResult = { ok: false, source: 'agent', error: 'no traceroute program' };
  for (const { program, args } of commandsFor(address, process.platform)) {
    try {
      const printed = await outputOf(program, args, context.signal, 'SIGTERM');
      // It is there, and what it was to run is not.
      if (printed.errors.startsWith('stdbuf: ')) continue;
      const result = resultOf(target, address, printed);
      // A program of another make may not know an option.
      if (result.ok || result.source !== 'agent') return result;
      failure = result;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') failure = { ok: false, source: 'agent', error: messageOf(error) };
    }
    if (context.signal.aborted) break;
  }
  return failure;
}

/** @param target by which its last route is known */
function resultOf(target: string, address: string, { output, errors }: Printed): ProbeResult {
  const hops = parseTrace(output);
  const route = routeOf(hops, address, isOwn);
  if (route.hops.length > 0) return { ok: true, fields: fieldsOf(route, known.take(target, route)) };
  const fields = fieldsOf(route, undefined);
  // Without a route it does not even begin: the cable is out, which is the path's first metre.
  if (/unreachable|no route|cannot assign/i.test(errors) || /send failed/.test(output))
    return { ok: false, source: 'path', error: 'unreachable', fields };
  if (hops.length > 0) return { ok: false, source: 'path', error: 'no hop answered', fields };
  return { ok: false, source: 'agent', error: errors.trim().split('\n')[0] || 'no route was printed' };
}

function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((own) => own.address === address));
}
