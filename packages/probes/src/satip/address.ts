import { type HostPort, parseHostPort } from '../address.ts';
import { isMulticast, parseSocketSource, type SocketSource } from '../mpegts/source.ts';

/** Which tuner is meant; any, where the server has one in use. */
export type Choice = Readonly<{ tuner?: number; source?: number }>;

export type SatipAddress =
  | Readonly<{ kind: 'server'; server: HostPort; choice: Choice }>
  | Readonly<{ kind: 'group'; group: SocketSource }>;

/** RFC 2326, section 3.2. */
const rtspPort = 554;
const options = ['tuner', 'src'] as const;

/**
 * Reads `satip://192.0.2.20:554?tuner=1&src=1`, a server to be asked, or `rtcp://239.1.2.3:5005?interface=eth1`, the group and
 * port to which a server tells by itself.
 * @returns the address, or what is wrong
 */
export function parseSatipAddress(text: string): SatipAddress | Readonly<{ problem: string }> {
  if (/^rtcp:/i.test(text)) return parseGroup(text);
  const [, authority = '', query] = /^satip:\/\/([^/?#@]+)\/?(?:\?(.*))?$/i.exec(text) ?? [];
  const server = parseHostPort(authority, rtspPort);
  if (server === undefined) return { problem: `"${text}" is not satip://host:port or rtcp://group:port` };
  const given = new URLSearchParams(query);
  for (const [name, value] of given) {
    if (!options.some((option) => option === name))
      return { problem: `"${text}": "${name}" is not an option; tuner and src are` };
    if (!/^\d{1,5}$/.test(value)) return { problem: `"${text}": ${name} is not a number` };
  }
  const [tuner, source] = options.map((name) => given.get(name));
  return {
    kind: 'server',
    server,
    choice: { ...(tuner && { tuner: Number(tuner) }), ...(source && { source: Number(source) }) },
  };
}

function parseGroup(text: string): SatipAddress | Readonly<{ problem: string }> {
  const group = parseSocketSource(text, ['rtcp']);
  if ('problem' in group) return group;
  // What a server tells one client goes to a port that this client holds.
  if (!isMulticast(group.host)) return { problem: `"${text}": "${group.host}" is not a multicast group` };
  return { kind: 'group', group };
}
