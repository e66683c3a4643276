import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { codeOf } from '@tongtang/runtime/errors';
import type { ProbeResult } from '../probe.ts';
import { interfaceFor, interfacesOutward } from './interfaces.ts';
import { KernelDrops } from './kernel-drops.ts';
import { streamResult } from './result.ts';
import { isMulticast, type SocketSource } from './source.ts';
import { StreamMeter } from './stream.ts';

/** A quarter of a second at 64 Mbit/s; Linux gives what net.core.rmem_max allows. */
const bufferBytes = 2 * 1024 * 1024;
/** What the system says where its routing table has no way for a group. */
const noRoute = new Set(['ENODEV', 'EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH']);

/** A stream that is listened to all the time; what came of it is read now and then. */
export class Receiver {
  readonly #socket: Socket;
  readonly #source: SocketSource;
  readonly #monotonicMs: () => number;
  readonly #meter: StreamMeter;
  readonly #drops: KernelDrops;
  #joined: (string | undefined)[] = [];
  #error: Error | undefined;

  /**
   * Binds and joins.
   * @throws (rejects) with the system's code where the port is taken or not ours to bind, or no interface can be joined
   */
  static async open(source: SocketSource, monotonicMs: () => number): Promise<Receiver> {
    const multicast = isMulticast(source.host);
    // Others may listen to a group as well. A port that is not a group's would be taken from them.
    const socket = createSocket({ type: isIPv6(source.host) ? 'udp6' : 'udp4', reuseAddr: multicast });
    try {
      // Bound to the group, or datagrams of other groups on this port would come, too. Windows cannot.
      const host = multicast && process.platform === 'win32' ? undefined : source.host;
      socket.bind({ port: source.port, ...(host !== undefined && { address: host }), exclusive: true });
      await once(socket, 'listening');
      return new Receiver(socket, source, monotonicMs);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  private constructor(socket: Socket, source: SocketSource, monotonicMs: () => number) {
    this.#socket = socket;
    this.#source = source;
    this.#monotonicMs = monotonicMs;
    this.#drops = new KernelDrops(source.port);
    this.#meter = new StreamMeter(monotonicMs());
    const meter = this.#meter;
    socket.setRecvBufferSize(bufferBytes);
    this.#join();
    socket.on('message', (datagram) => meter.datagram(datagram, monotonicMs()));
    socket.on('error', (error) => {
      this.#error = error;
    });
    // It must not keep an agent alive that has stopped.
    socket.unref();
  }

  /** What came since the last call. */
  read(): ProbeResult {
    if (this.#error !== undefined) throw this.#error;
    const report = this.#meter.read(this.#monotonicMs());
    // A cable that was out, or an address that changed, may have ended the membership in silence.
    if (report.datagrams === 0) this.#rejoin();
    return streamResult(report, this.#drops.read());
  }

  /** Leaves the group and closes. */
  close(): void {
    this.#socket.close();
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

  #rejoin(): void {
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
}
