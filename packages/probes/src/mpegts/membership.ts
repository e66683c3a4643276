import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeResult } from '../probe.ts';
import { interfaceFor, interfacesOutward } from './interfaces.ts';
import { isMulticast, type SocketSource } from './source.ts';

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

  /** @throws with the system's code where no interface can be joined */
  constructor(socket: Socket, source: SocketSource) {
    this.#socket = socket;
    this.#source = source;
    this.#join();
  }

  /** Leaves and joins again: a cable that was out, or an address that changed, may have ended it in silence. */
  renew(): void {
    const { host, sender } = this.#source;
    for (const membership of this.#joined.splice(0)) {
      try {
        if (sender === undefined) this.#socket.dropMembership(host, membership);
        else this.#socket.dropSourceSpecificMembership(sender, host, membership);
      } catch {
        // It has ended already.
      }
    }
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
