import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Where a stream is to be had. */
export type Source =
  | Readonly<{ kind: 'socket'; host: string; port: number; sender?: string; interface?: string }>
  | Readonly<{ kind: 'file'; path: string }>
  | Readonly<{ kind: 'standard input' }>;

export type SocketSource = Extract<Source, { kind: 'socket' }>;

/** Any address of this machine. */
const anyAddress = '0.0.0.0';

/**
 * Reads the address of a stream as players write it: `udp://239.1.1.1:1234`, `rtp://@239.1.1.1:5004`,
 * `udp://192.0.2.9@232.1.1.1:1234` for one sender only (RFC 4607), `udp://:1234` for what is sent to this machine; the
 * interface by `?interface=eth1` or by its address. Anything else that is no URL is a file, `-` standard input.
 * @returns the source, or what is wrong
 */
export function parseSource(text: string): Source | Readonly<{ problem: string }> {
  if (text === '-') return { kind: 'standard input' };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return text === '' ? { problem: '"" is no file' } : { kind: 'file', path: text };
  return parseSocketSource(text, ['udp', 'rtp']);
}

/**
 * Reads `scheme://[sender@]address:port[?interface=…]`.
 * @returns the socket, or what is wrong
 */
export function parseSocketSource(
  text: string,
  schemes: readonly string[],
): SocketSource | Readonly<{ problem: string }> {
  const [, scheme = '', sender, bracketed, plain, digits = '', query] =
    /^([^:]*):\/\/(?:([^@/?]*)@)?(?:\[([^\]]*)\]|([^:[\]/?@]*)):(\d{1,5})\/?(?:\?(.*))?$/.exec(text) ?? [];
  const port = Number(digits);
  const host = bracketed ?? (plain || anyAddress);
  const forms = schemes.map((known) => `${known}://address:port`).join(' or ');
  if (!schemes.includes(scheme.toLowerCase()) || port < 1 || port > 65_535)
    return { problem: `"${text}" is not ${forms}` };
  if (bracketed === undefined ? !isIPv4(host) : !isIPv6(host))
    return { problem: `"${text}": "${host}" is not an IP address` };
  if (sender && (isIP(sender) === 0 || isIP(sender) !== isIP(host) || !isMulticast(host)))
    return { problem: `"${text}": "${sender}" is not the address of a sender to a multicast group` };
  const options = new URLSearchParams(query);
  for (const name of options.keys())
    if (name !== 'interface') return { problem: `"${text}": "${name}" is not an option; interface is` };
  const via = options.get('interface');
  return {
    kind: 'socket',
    host,
    port,
    ...(sender && { sender }),
    ...(via && { interface: via }),
  };
}

/** 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291). */
export function isMulticast(address: string): boolean {
  if (isIPv6(address)) return /^ff/i.test(address);
  const [first] = address.split('.');
  return Number(first) >= 224 && Number(first) < 240;
}
