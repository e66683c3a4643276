import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export type Group = Readonly<{ address: string; port: number }>;
/** What became of a datagram: how many copies went on, and behind how many later datagrams each. */
export type Passage = Readonly<{ bytes: Buffer; copies: readonly number[] }>;

/** Joins a group on loopback. */
export async function joinOnLoopback({ address, port }: Group): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port, address);
  await once(socket, 'listening');
  socket.setRecvBufferSize(4 * 1024 * 1024);
  socket.addMembership(address, '127.0.0.1');
  return socket;
}

/**
 * A bad path from one group to another, which knows what it did to each datagram.
 * @param fate of the n-th datagram: for each copy that goes on, behind how many later ones; none: it is dropped
 */
export async function startLossyRelay(from: Group, to: Group, fate: (index: number) => readonly number[]) {
  const incoming = await joinOnLoopback(from);
  const outgoing = createSocket('udp4');
  outgoing.bind(0);
  await once(outgoing, 'listening');
  outgoing.setMulticastInterface('127.0.0.1');
  outgoing.setMulticastTTL(0);
  const passages: Passage[] = [];
  const waiting = new Map<number, Buffer[]>();
  const send = (bytes: Buffer) => outgoing.send(bytes, to.port, to.address);
  incoming.on('message', (bytes) => {
    const index = passages.length;
    const copies = fate(index);
    passages.push({ bytes, copies });
    for (const behind of copies) waiting.set(index + behind, [...(waiting.get(index + behind) ?? []), bytes]);
    for (const due of waiting.get(index) ?? []) send(due);
    waiting.delete(index);
  });
  return {
    passages,
    stop: () => {
      incoming.close();
      outgoing.close();
    },
  };
}
