import { Type } from 'typebox';

/** Where a server listens. */
export type HostPort = Readonly<{ host: string; port: number }>;

const shape = '^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):(\\d{1,5})$';

/** `host:port`, IPv6 in brackets; port 0 asks for a free one. */
export const HostPortText = Type.String({
  pattern: shape,
  form: 'must be host:port, such as 127.0.0.1:8080',
});

/** @returns the parts, or undefined where the text is no {@link HostPortText} with a port up to 65535 */
export function parseListen(text: string): HostPort | undefined {
  const [, host, port] = new RegExp(shape).exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
