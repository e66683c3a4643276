import type { DetailedPeerCertificate } from 'node:tls';
import { type HostPort, parseHostPort } from '../address.ts';
import type { Probe } from '../probe.ts';
import { connect } from '../tcp/connect.ts';
import { handshake } from './handshake.ts';

/** Measures handshake and certificate. One that is not to be trusted is measured all the same, and fails the run. */
export const tls: Probe = {
  measurement: 'tls',
  budgetMs: 15_000,
  checkAddress: (address) =>
    targetOf(address) === undefined ? `"${address}" is not host, host:port or an https URL` : undefined,
  run: async (address, context) => {
    const target = targetOf(address);
    if (target === undefined)
      return { ok: false, source: 'agent', error: 'not host, host:port or https URL' };
    const connection = await connect(target, context);
    // What the connection took is the tcp probe's to report.
    if (!connection.ok) return { ok: false, source: connection.source, error: connection.error };
    const secured = await handshake(connection.socket, target.host, context);
    if (!secured.ok) return secured;
    const daysLeft = daysUntilFirstExpiry(secured.socket.getPeerCertificate(true), Date.now());
    secured.socket.destroy();
    connection.socket.destroy();
    const fields = {
      handshake_ms: secured.handshakeMs,
      ...(daysLeft !== undefined && { days_left: daysLeft }),
    };
    if (secured.distrust === undefined) return { ok: true, fields };
    return { ok: false, source: 'target', error: secured.distrust, fields };
  },
};

function targetOf(address: string): HostPort | undefined {
  if (!/^https:\/\//i.test(address)) return parseHostPort(address, 443);
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  return parseHostPort(url.host, 443);
}

/**
 * Days until the first certificate of the chain expires, negative where one has.
 * @param leaf the peer's certificate, linked to its issuers; a root is its own issuer
 * @param nowMs wall clock: certificates are dated, there is no better
 */
export function daysUntilFirstExpiry(leaf: DetailedPeerCertificate, nowMs: number): number | undefined {
  let first = Number.POSITIVE_INFINITY;
  const seen = new Set<unknown>();
  let certificate: DetailedPeerCertificate | undefined = leaf;
  while (certificate?.valid_to !== undefined && !seen.has(certificate)) {
    seen.add(certificate);
    first = Math.min(first, Date.parse(certificate.valid_to));
    certificate = certificate.issuerCertificate;
  }
  return Number.isFinite(first) ? (first - nowMs) / 86_400_000 : undefined;
}
