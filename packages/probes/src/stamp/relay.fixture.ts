import { createSocket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import { steadyUnixMs } from './clock.ts';
import { decodeReply, decodeRequest } from './packet.ts';

export type Direction = 'up' | 'down';

/**
 * What becomes of the sender's n-th packet, or of the reply to it: a delay in milliseconds for each copy of it; none:
 * dropped.
 */
export type Fate = (direction: Direction, sequence: number) => readonly number[];

export type Relay = Readonly<{
  port: number;
  /** Packets dropped so far. */
  dropped: Readonly<Record<Direction, number>>;
  /** How long each packet that was passed on was held, in milliseconds, by direction and the sender's number. */
  heldMs: Readonly<Record<Direction, Map<number, number>>>;
  stop: () => void;
}>;

/** A bad path on loopback between one sender and a reflector, which knows what it did to the packets. */
export async function startRelay(reflectorPort: number, fate: Fate): Promise<Relay> {
  // Without a look-up a packet leaves at once, as `heldMs` has it.
  const options: SocketOptions = { type: 'udp4', lookup: (host, _, found) => found(null, host, 4) };
  const front = createSocket(options);
  const back = createSocket(options);
  const dropped = { up: 0, down: 0 };
  const heldMs = { up: new Map<number, number>(), down: new Map<number, number>() };
  let senderPort = 0;
  let stopped = false;

  const pass = (direction: Direction, packet: Buffer) => {
    const arrivedMs = steadyUnixMs();
    const sequence =
      direction === 'up' ? decodeRequest(packet)?.sequence : decodeReply(packet)?.senderSequence;
    if (sequence === undefined) throw new Error('not a test packet');
    const delays = fate(direction, sequence);
    if (delays.length === 0) dropped[direction] += 1;
    for (const delayMs of delays)
      setTimeout(() => {
        if (stopped) return;
        heldMs[direction].set(sequence, steadyUnixMs() - arrivedMs);
        if (direction === 'up') back.send(packet, reflectorPort, '127.0.0.1');
        else front.send(packet, senderPort, '127.0.0.1');
      }, delayMs);
  };
  front.on('message', (packet, from) => {
    senderPort = from.port;
    pass('up', packet);
  });
  back.on('message', (packet) => pass('down', packet));
  for (const socket of [front, back]) {
    const listening = once(socket, 'listening');
    socket.bind(0, '127.0.0.1');
    await listening;
  }
  return {
    port: front.address().port,
    dropped,
    heldMs,
    stop: () => {
      stopped = true;
      front.close();
      back.close();
    },
  };
}
