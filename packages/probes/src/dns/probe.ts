import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import { parseHost, parseHostPort } from '../address.ts';
import type { Probe, ProbeResult } from '../probe.ts';

/** Asks a resolver for the IPv4 addresses of a name: one question, nothing cached. */
export const dns: Probe = {
  measurement: 'dns',
  budgetMs: 10_000,
  checkAddress: (address) =>
    questionOf(address) === undefined
      ? `"${address}" is not a name, or name@server with the server's IP address`
      : undefined,
  run: async (address, { signal, monotonicMs }) => {
    const question = questionOf(address);
    if (question === undefined) return { ok: false, source: 'agent', error: 'not name or name@server' };
    // A recursive answer over a satellite hop may need two seconds; then once more, for a lost packet.
    const resolver = new Resolver({ timeout: 3000, tries: 2 });
    const cancel = () => resolver.cancel();
    const start = monotonicMs();
    try {
      signal.throwIfAborted();
      signal.addEventListener('abort', cancel, { once: true });
      if (question.server !== undefined) resolver.setServers([question.server]);
      const addresses = await resolver.resolve4(question.name);
      return { ok: true, fields: { resolve_ms: monotonicMs() - start, answers: addresses.length } };
    } catch (error) {
      const code = signal.aborted ? 'timeout' : (codeOf(error) ?? messageOf(error));
      return failureOf(code, monotonicMs() - start);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },
};

type Question = Readonly<{ name: string /** `address:port`; absent: the system's. */; server?: string }>;

function questionOf(address: string): Question | undefined {
  const [asked = '', server, ...more] = address.split('@');
  const name = parseHost(asked);
  if (name === undefined || isIP(name) !== 0 || more.length > 0) return undefined;
  if (server === undefined) return { name };
  const place = parseHostPort(server, 53);
  const family = isIP(place?.host ?? '');
  if (place === undefined || family === 0) return undefined;
  return { name, server: family === 6 ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}` };
}

/** A word from the resolver, but no address: the name does not exist, or has no IPv4 address. */
const emptyAnswers = new Set(['ENOTFOUND', 'ENODATA']);
/** A word from the resolver that it cannot or will not answer. */
const refusals = new Set(['ESERVFAIL', 'EREFUSED', 'ENOTIMP', 'EFORMERR', 'EBADRESP']);

/**
 * Nobody can work with a name that does not exist, so NXDOMAIN fails the run; but the resolver did its part, so the
 * source is the target and the time of the answer is kept.
 */
function failureOf(code: string, resolveMs: number): ProbeResult {
  if (emptyAnswers.has(code))
    return { ok: false, source: 'target', error: code, fields: { resolve_ms: resolveMs, answers: 0 } };
  if (refusals.has(code))
    return { ok: false, source: 'resolver', error: code, fields: { resolve_ms: resolveMs } };
  return { ok: false, source: 'resolver', error: code === 'ETIMEOUT' ? 'timeout' : code };
}
