import type { Socket } from 'node:dgram';
import type { ProbeResult } from '../probe.ts';
import { KernelDrops } from './kernel-drops.ts';
import { bindTo, Membership } from './membership.ts';
import { streamResult } from './result.ts';
import type { SocketSource } from './source.ts';
import { StreamMeter } from './stream.ts';

/** A quarter of a second at 64 Mbit/s; Linux gives what net.core.rmem_max allows. */
const bufferBytes = 2 * 1024 * 1024;

/** A stream that is listened to all the time; what came of it is read now and then. */
export class Receiver {
  readonly #socket: Socket;
  readonly #membership: Membership;
  readonly #monotonicMs: () => number;
  readonly #meter: StreamMeter;
  readonly #drops: KernelDrops;
  #error: Error | undefined;

  /**
   * Binds and joins.
   * @throws (rejects) with the system's code where the port is taken or not ours to bind, or no interface can be joined
   */
  static async open(source: SocketSource, monotonicMs: () => number): Promise<Receiver> {
    const socket = await bindTo(source);
    try {
      return new Receiver(socket, source, monotonicMs);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  private constructor(socket: Socket, source: SocketSource, monotonicMs: () => number) {
    this.#socket = socket;
    this.#monotonicMs = monotonicMs;
    this.#drops = new KernelDrops(source.port);
    this.#meter = new StreamMeter(monotonicMs());
    const meter = this.#meter;
    socket.setRecvBufferSize(bufferBytes);
    this.#membership = new Membership(socket, source);
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
    if (report.datagrams === 0) this.#membership.renew();
    this.#membership.keepApart();
    return streamResult(report, this.#drops.read());
  }

  /** Leaves the group and closes. */
  close(): void {
    this.#socket.close();
  }
}
