import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

export type HostPort = Readonly<{ host: string; port: number }>;

/**
 * Reads `host:port`, or `host` where there is a default port. IPv6 stands in brackets (`[::1]:53`); without a port it
 * may stand bare. Nothing is looked up.
 * @returns the host as `net` and `dgram` take it (no brackets, names in ASCII) and the port, or undefined where the
 *   address is not of this form
 */
export function parseHostPort(address: string, defaultPort?: number): HostPort | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(address) ?? [];
  const whole = bracketed === undefined && plain === undefined;
  const host = bracketed === undefined ? parseHost(plain ?? address) : isIPv6(bracketed) && bracketed;
  const port = whole || digits === undefined ? defaultPort : Number(digits);
  if (!host || port === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port };
}

/**
 * Reads a host without a port: a name, an IPv4 address, or an IPv6 address (a zone such as `%eth0` is kept).
 * A name never begins with a hyphen, so a host can be an argument of a program.
 * @returns the host, names in ASCII, or undefined where it cannot be one
 */
export function parseHost(text: string): string | undefined {
  if (isIPv4(text) || isIPv6(text)) return text;
  const name = /^[\w.-]+$/.test(text) ? text : inAscii(text);
  return name !== undefined && isHostName(name) ? name : undefined;
}

/**
 * Apart, as what is a letter beyond ASCII takes 0.1 MB to say, and nearly all names are ASCII. domainToASCII would silently remove line breaks, and
 * lower the case of names that need nothing.
 */
function inAscii(text: string): string | undefined {
  return /^[\p{L}\p{M}\p{N}._-]+$/u.test(text) ? domainToASCII(text) : undefined;
}

/** RFC 1123 section 2.1, and underscores, which Windows machines carry. */
function isHostName(name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.');
  return (
    name.length <= 253 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)) &&
    // What ends in a number is an IPv4 address, and this one was not valid.
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}
