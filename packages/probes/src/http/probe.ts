import { parseHostPort } from '../address.ts';
import type { Probe } from '../probe.ts';
import { connect } from '../tcp/connect.ts';
import { handshake } from '../tls/handshake.ts';
import { get } from './get.ts';

/**
 * Fetches one page over a new connection and reports each phase. Redirects are answers and not followed. A certificate
 * that a browser would refuse ends the run before anything is asked: who answers would not be the target.
 */
export const http: Probe = {
  measurement: 'http',
  // Four round trips of a satellite hop, a slow name server, one lost packet each.
  budgetMs: 20_000,
  checkAddress: (address) =>
    targetOf(address) === undefined
      ? `"${address}" is not an http or https URL without a password`
      : undefined,
  run: async (address, context) => {
    const target = targetOf(address);
    if (target === undefined) return { ok: false, source: 'agent', error: 'not an http or https URL' };
    const start = context.monotonicMs();
    const connection = await connect(target, context);
    if (!connection.ok) {
      const { source, error, fields } = connection;
      return { ok: false, source, error, ...(fields && { fields }) };
    }
    if (!target.secure) return get(connection.socket, target.url, start, connection.fields, context);
    const secured = await handshake(connection.socket, target.host, context);
    if (!secured.ok) return { ...secured, fields: connection.fields };
    const fields = { ...connection.fields, tls_ms: secured.handshakeMs };
    if (secured.distrust === undefined) return get(secured.socket, target.url, start, fields, context);
    secured.socket.destroy();
    connection.socket.destroy();
    return { ok: false, source: 'target', error: secured.distrust, fields };
  },
};

type WebTarget = Readonly<{ host: string; port: number; secure: boolean; url: URL }>;

function targetOf(address: string): WebTarget | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  // A password in an address would be shown wherever the target is.
  if (url.username !== '' || url.password !== '') return undefined;
  const secure = url.protocol === 'https:';
  const place = parseHostPort(url.host, secure ? 443 : 80);
  return place && { ...place, secure, url };
}
