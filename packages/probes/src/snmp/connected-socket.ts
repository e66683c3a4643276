import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { HostPort } from '../address.ts';

/**
 * What the library of SNMP needs of a socket, connected to one receiver: nobody else's datagrams get in, and that nobody
 * listens there is heard at once. Its listeners may throw over what a device sends; that ends there.
 */
export class ConnectedSocket {
  readonly #socket: Socket;
  readonly #connected: Promise<void>;
  readonly #trouble: (error: unknown) => void;

  /** @param trouble takes what listeners throw */
  constructor(target: HostPort, trouble: (error: unknown) => void) {
    this.#trouble = trouble;
    this.#socket = createSocket(isIPv6(target.host) ? 'udp6' : 'udp4');
    this.#connected = new Promise((resolve, reject) => {
      this.#socket.connect(target.port, target.host, (error?: Error) => (error ? reject(error) : resolve()));
    });
    this.#connected.catch(() => {
      // Whoever sends is told.
    });
  }

  on(event: 'message' | 'close' | 'error', listener: (argument?: unknown) => void): void {
    this.#socket.on(event, (argument?: unknown) => {
      try {
        listener(argument);
      } catch (error) {
        this.#trouble(error);
      }
    });
  }

  /** Port and host are the target's; the library names them again. */
  send(
    octets: Buffer,
    offset: number,
    length: number,
    _port: number,
    _host: string,
    sent: (error: Error | null, bytes?: number) => void,
  ): void {
    this.#connected.then(() => this.#socket.send(octets, offset, length, sent)).catch(sent);
  }

  close(): void {
    this.#socket.close();
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }
}
