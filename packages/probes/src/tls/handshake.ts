import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeContext, ProbeResult } from '../probe.ts';

export type Handshake = Readonly<{
  ok: true;
  socket: TLSSocket;
  handshakeMs: number;
  /** Why the certificate is not to be trusted (`CERT_HAS_EXPIRED` …), or undefined. */
  distrust: string | undefined;
}>;

/**
 * Does a TLS handshake over an open connection, whatever the certificate says: the caller judges `distrust`.
 * Once the connection stands, silence and closing are the target's fault.
 * @param host name for SNI and for the check of the certificate's names
 */
export async function handshake(
  socket: Socket,
  host: string,
  { signal, monotonicMs }: ProbeContext,
): Promise<Handshake | Extract<ProbeResult, { ok: false }>> {
  const start = monotonicMs();
  // RFC 6066 section 3: no IP addresses in SNI. Every run is a full handshake: no session is ever offered.
  const secured = connect({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: false,
  });
  const error = await new Promise<Error | undefined>((settle) => {
    secured.once('secureConnect', () => settle(undefined));
    secured.on('error', settle);
    secured.once('close', () => settle(new Error('closed during the handshake')));
  });
  const handshakeMs = monotonicMs() - start;
  if (error === undefined) return { ok: true, socket: secured, handshakeMs, distrust: distrustOf(secured) };
  secured.destroy();
  socket.destroy();
  const reason = signal.aborted ? 'timeout' : (codeOf(error) ?? messageOf(error));
  return { ok: false, source: 'target', error: reason };
}

function distrustOf(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  // Node sets the error's code here, a text, although it declares an Error.
  const reason: unknown = socket.authorizationError;
  return reason instanceof Error ? (codeOf(reason) ?? reason.message) : String(reason);
}
