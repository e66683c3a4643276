import { createConnection, type Socket } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { HostPort } from '../address.ts';
import { resolveHost } from '../dns/resolve-host.ts';
import type { FailureSource, ProbeContext, ProbeResult } from '../probe.ts';

export type ConnectFields = Readonly<{ resolve_ms?: number; connect_ms: number }>;

/** An open connection; the caller destroys its socket. Later errors of the socket are taken note of, never thrown. */
export type Connection = Readonly<{ ok: true; socket: Socket; fields: ConnectFields }>;

export type ConnectFailure = Extract<ProbeResult, { ok: false }> &
  Readonly<{ /** The host answered, with a reset: nobody listens on the port. */ refused: boolean }>;

/**
 * Resolves the host and opens one TCP connection to the address that the system prefers. One address only, so that
 * two runs measure the same path. The signal destroys the socket at any later time, too.
 */
export async function connect(
  { host, port }: HostPort,
  context: ProbeContext,
): Promise<Connection | ConnectFailure> {
  const resolved = await resolveHost(host, context);
  if (!resolved.ok) return { ...resolved, refused: false };
  const start = context.monotonicMs();
  const socket = createConnection({ host: resolved.address, port, noDelay: true, signal: context.signal });
  const error = await new Promise<Error | undefined>((settle) => {
    socket.once('connect', () => settle(undefined));
    socket.on('error', settle);
  });
  const fields = { ...resolved.fields, connect_ms: context.monotonicMs() - start };
  if (error === undefined) return { ok: true, socket, fields };
  socket.destroy();
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return { ok: false, source: 'target', error: code, fields, refused: true };
  if (context.signal.aborted)
    return { ok: false, source: 'path', error: 'timeout', fields: resolved.fields, refused: false };
  return {
    ok: false,
    source: sourceOf(code),
    error: code ?? messageOf(error),
    fields: resolved.fields,
    refused: false,
  };
}

/** This machine ran out of something, or its own firewall said no: nothing was learnt about the path. */
const ownErrors = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EACCES', 'EPERM']);

/** A missing route or a pulled cable (ENETUNREACH, ENETDOWN …) is the path's first metre, so it counts as path. */
export function sourceOf(code: string | undefined): FailureSource {
  if (code === 'ECONNRESET') return 'target';
  return code !== undefined && ownErrors.has(code) ? 'agent' : 'path';
}
