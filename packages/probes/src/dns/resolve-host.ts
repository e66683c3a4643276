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

/**
 * The address that applications on this machine would use first: asks the system's resolver (hosts file, RFC 6724
 * order), as they do. The system cannot be told to give up; on abort its late answer is ignored.
 * @returns the address, or a failure with source `resolver`
 */
export async function resolveHost(
  host: string,
  { signal, monotonicMs }: ProbeContext,
): Promise<ResolvedHost | Extract<ProbeResult, { ok: false }>> {
  if (isIP(host) !== 0) return { ok: true, address: host, fields: {} };
  const start = monotonicMs();
  const found = await untilAbort(lookup(host), signal);
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
