import { Type } from 'typebox';

/** Where a server listens. */
export type HostPort = Readonly<{ host: string; port: number }>;

/** 0 to 65535. */
const port = '\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]';
const shape = `^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):(${port})$`;

/** `host:port`, IPv6 in brackets; port 0 asks for a free one. */
export const HostPortText = Type.String({
  pattern: shape,
  form: 'must be host:port, such as 127.0.0.1:8080',
});

/** Whether only programs on the same machine find this host: a name, or an address with or without brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|\[?::1\]?|(::ffff:)?127\.[\d.]+)$/i.test(host);
}

/** The parts of a {@link HostPortText}. @throws where the text is none */
export function parseListen(text: string): HostPort {
  const [, host, port] = new RegExp(shape).exec(text) ?? [];
  if (host === undefined) throw new Error(`"${text}" is not host:port`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
