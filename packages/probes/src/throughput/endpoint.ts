import { parseHostPort } from '../address.ts';
import type { HubAccount } from '../probe.ts';
import { type Direction, pathOf } from './ndt7.ts';

/** The address that means the agent's own hub. */
const ownHub = 'hub';

/** The most octets of a query (ndt7 specification, "The WebSocket handshake"). */
const longestQuery = 4096;

/** A server, and how to say there who asks. */
export type Endpoint = Readonly<{
  host: string;
  port: number;
  secure: boolean;
  /** Always with `ws:`, since the connection below it is ours, with TLS or without. */
  urlOf: (direction: Direction) => string;
  authorization?: string;
}>;

/**
 * Reads an address: `hub`, or `ws://host:port/?access_token=…` with or without a path before `/ndt/v7/`.
 * @param hub the agent's own; without it `hub` is a well-formed address that leads nowhere
 * @returns the server, or what is wrong with the address
 */
export function endpointOf(address: string, hub: HubAccount | undefined): Endpoint | { problem: string } {
  if (address !== ownHub) return parse(address);
  if (hub === undefined) return { problem: 'only an enrolled agent has a hub of its own' };
  const endpoint = parse(hub.url.replace(/^http/, 'ws'));
  if ('problem' in endpoint) return endpoint;
  const basic = Buffer.from(`${hub.agent}:${hub.password}`).toString('base64');
  return { ...endpoint, authorization: `Basic ${basic}` };
}

/** Why an address does not fit, without touching the network; undefined where it fits. */
export function objectionTo(address: string): string | undefined {
  if (address === ownHub) return undefined;
  const parsed = parse(address);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function parse(address: string): Endpoint | { problem: string } {
  const url = URL.parse(address);
  const form = { problem: `"${address}" is not "hub", nor a ws:// or wss:// URL without a password` };
  if (url === null || !/^wss?:$/.test(url.protocol)) return form;
  // A password in an address would be shown wherever the target is.
  if (url.username !== '' || url.password !== '' || url.hash !== '') return form;
  const secure = url.protocol === 'wss:';
  const place = parseHostPort(url.host, secure ? 443 : 80);
  if (place === undefined) return form;
  const query = new URLSearchParams(url.search);
  if (!query.has('client_name')) query.set('client_name', 'tongtang');
  const search = `?${query}`;
  if (search.length > longestQuery) return { problem: 'its query is longer than ndt7 allows' };
  const base = url.pathname.replace(/\/+$/, '');
  if (Object.values(pathOf).some((path) => base.endsWith(path)))
    return { problem: `name the server without ${pathOf.download}: download and upload are measured` };
  return { ...place, secure, urlOf: (direction) => `ws://${url.host}${base}${pathOf[direction]}${search}` };
}
