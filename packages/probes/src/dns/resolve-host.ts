import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeContext, ProbeResult } from '../probe.ts';

export type ResolvedHost = Readonly<{
  ok: true;
  address: string;
  /** `resolve_ms`, absent where the host was an address already. */
  fields: Readonly<{ resolve_ms?: number }>;
}>;

/** Look-ups that were given up and go on: the system serves few at a time, and the others wait behind them. */
const underWay = new Set<string>();

/**
 * The address that applications on this machine would use first: asks the system's resolver (hosts file, RFC 6724
 * order), as they do. The system cannot be told to give up; on abort its late answer is ignored, and until it comes the name
 * is not asked for again: names that nobody answers for must not hold up those that somebody does.
 * @returns the address, or a failure with source `resolver`
 */
export async function resolveHost(
  host: string,
  { signal, monotonicMs }: ProbeContext,
): Promise<ResolvedHost | Extract<ProbeResult, { ok: false }>> {
  if (isIP(host) !== 0) return { ok: true, address: host, fields: {} };
  if (underWay.has(host))
    return { ok: false, source: 'resolver', error: 'no answer to the look-up before', fields: {} };
  const start = monotonicMs();
  underWay.add(host);
  const found = await untilAbort(
    lookup(host).finally(() => underWay.delete(host)),
    signal,
  );
  const fields = { resolve_ms: monotonicMs() - start };
  if ('address' in found) return { ok: true, address: found.address, fields };
  return { ok: false, source: 'resolver', error: found.reason, fields };
}

async function untilAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T | { reason: string }> {
  const gaveUp = Promise.withResolvers<{ reason: string }>();
  const giveUp = () => gaveUp.resolve({ reason: 'timeout' });
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([
      work.catch((error: unknown) => ({ reason: codeOf(error) ?? messageOf(error) })),
      gaveUp.promise,
    ]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
