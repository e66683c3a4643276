import { type Address, channels, parseTopic } from '@tongtang/wire/topics';

/** What the broker knows of an agent: its topics and its password's hash (password.ts). */
export type KnownAgent = Readonly<{ address: Address; passwordHash: string }>;

/** Somebody who may read everything and write nothing: `tongtang tail`. */
export type Observer = Readonly<{ name: string; passwordHash: string; address?: never }>;

/** Who may connect. The registry of the hub is one. */
export interface AgentDirectory {
  /** The agent, or undefined where it is not enrolled or revoked. */
  agent(id: string): KnownAgent | undefined;
  /** Calls the listener after each change, with the ids that came, went or changed. @returns how to stop listening */
  onChange(listener: (change: Readonly<{ agents: ReadonlySet<string> }>) => void): () => void;
}

/** What a client asked the broker to publish; a will is one. */
export type Publication = Readonly<{ topic: string; qos: number; retain: boolean }>;

/**
 * Why an agent may not publish this, or undefined where it may: its own upward channels, at most QoS 1 (a QoS 2
 * exchange would be held in memory until the client ends it), and only its status is retained.
 * @param address undefined for the observer
 */
export function publishRefusal(
  address: Address | undefined,
  { topic, qos, retain }: Publication,
): 'publish' | 'qos' | 'retain' | undefined {
  const place = parseTopic(topic);
  if (place === undefined || channels[place.channel] !== 'up' || !same(place.address, address))
    return 'publish';
  if (qos > 1) return 'qos';
  if (retain && place.channel !== 'status') return 'retain';
  return undefined;
}

/** Whether this is the agent's own status topic, the only one its will may go to. */
export function isOwnStatus(address: Address | undefined, topic: string): boolean {
  const place = parseTopic(topic);
  return place?.channel === 'status' && same(place.address, address);
}

/**
 * Whether an agent may subscribe: its own downward channels by their full names; no wildcard, no `$share`. The observer
 * may read everything but what the broker says of itself.
 */
export function maySubscribe(address: Address | undefined, filter: string): boolean {
  if (address === undefined) return !filter.startsWith('$');
  const place = parseTopic(filter);
  return place !== undefined && channels[place.channel] === 'down' && same(place.address, address);
}

function same(a: Address, b: Address | undefined): boolean {
  return a.county === b?.county && a.school === b.school && a.agent === b.agent;
}
