import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeResult } from '../probe.ts';
import { interfaceFor, interfacesOutward, nameOfInterface } from './interfaces.ts';
import { joinedOn } from './joined-groups.ts';
import { isMulticast, type SocketSource } from './source.ts';

/** The address of no machine (RFC 5737). */
const nobody = '192.0.2.0';

/** What the system says where its routing table has no way for a group. */
const noRoute = new Set(['ENODEV', 'EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH']);

/**
 * Binds a socket to a group and port, or to a port of this machine. It has joined nothing yet.
 * @throws (rejects) with the system's code where the port is taken or not ours to bind
 */
export async function bindTo({ host, port }: SocketSource): Promise<Socket> {
  const multicast = isMulticast(host);
  // Others may listen to a group as well. A port that is not a group's would be taken from them.
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: multicast });
  try {
    // Bound to the group, or datagrams of other groups on this port would come, too. Windows cannot.
    const address = multicast && process.platform === 'win32' ? undefined : host;
    socket.bind({ port, ...(address !== undefined && { address }), exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The membership of a socket in the group of its source, on each interface that it takes. None where there is no group. */
export class Membership {
  readonly #socket: Socket;
  readonly #source: SocketSource;
  #joined: (string | undefined)[] = [];
  /** Interfaces that are shut, by name, as the memberships that shut them. */
  readonly #shut = new Map<string, string>();

  /** @throws with the system's code where no interface can be joined */
  constructor(socket: Socket, source: SocketSource) {
    this.#socket = socket;
    this.#source = source;
    this.#join();
    this.keepApart();
  }

  /**
   * Where an interface was asked for, keeps out what other programs have joined on others: Linux hands a group to whoever is
   * bound to it, whichever way it came in, unless the socket has a membership there that says otherwise (ip(7), IP_MULTICAST_ALL).
   * So it has one from nobody. Only where the group is joined anyway, for a switch may take it as a wish for the whole group.
   * @throws with the system's code where that cannot be done
   */
  keepApart(): void {
    const { host, interface: wanted } = this.#source;
    if (wanted === undefined || !isIPv4(host) || !isMulticast(host)) return;
    const own = nameOfInterface(wanted, host);
    const users = new Map(joinedOn(host));
    for (const [name, count] of users) {
      const membership = interfaceFor(name, host);
      if (name === own || membership === undefined || this.#shut.has(name)) continue;
      this.#socket.addSourceSpecificMembership(nobody, host, membership);
      this.#shut.set(name, membership);
      users.set(name, count + 1);
    }
    for (const [name, membership] of this.#shut) {
      if ((users.get(name) ?? 0) > 1) continue;
      this.#shut.delete(name);
      leave(() => this.#socket.dropSourceSpecificMembership(nobody, host, membership));
    }
  }

  /** Leaves and joins again: a cable that was out, or an address that changed, may have ended it in silence. */
  renew(): void {
    const { host, sender } = this.#source;
    for (const membership of this.#joined.splice(0))
      leave(() =>
        sender === undefined
          ? this.#socket.dropMembership(host, membership)
          : this.#socket.dropSourceSpecificMembership(sender, host, membership),
      );
    this.#join();
  }

  #join(): void {
    const { host, interface: wanted } = this.#source;
    if (!isMulticast(host)) return;
    if (wanted !== undefined) {
      const membership = interfaceFor(wanted, host);
      if (membership === undefined) throw new Error(`no interface ${wanted}`);
      this.#add(membership);
      return;
    }
    try {
      // The system asks its routing table for the way to the group.
      this.#add(undefined);
    } catch (error) {
      const outward = interfacesOutward(host);
      if (!noRoute.has(codeOf(error) ?? '') || outward.length === 0) throw error;
      for (const membership of outward) this.#add(membership);
    }
  }

  #add(membership: string | undefined): void {
    const { host, sender } = this.#source;
    if (sender === undefined) this.#socket.addMembership(host, membership);
    else this.#socket.addSourceSpecificMembership(sender, host, membership);
    this.#joined.push(membership);
  }
}

function leave(drop: () => void): void {
  try {
    drop();
  } catch {
    // It has ended already.
  }
}

/** Why a source cannot be listened to, in words. */
export function failureToListen(error: unknown): ProbeResult {
  const code = codeOf(error);
  // A pulled cable takes the route with it: the path's first metre.
  if (code === 'ENODEV' || code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
    return { ok: false, source: 'path', error: 'no way to the group' };
  return { ok: false, source: 'agent', error: wordsFor(code) ?? messageOf(error) };
}

function wordsFor(code: string | undefined): string | undefined {
  if (code === 'EADDRINUSE') return 'another program has the port';
  return code === 'EADDRNOTAVAIL' ? 'not an address of this machine' : code;
}
