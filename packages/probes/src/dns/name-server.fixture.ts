import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** How the server answers a name, by the name's first label; other names stay unanswered. */
const responseCodes: Readonly<Record<string, number>> = {
  two: 0,
  empty: 0,
  missing: 3,
  broken: 2,
  refused: 5,
};

export type NameServer = Readonly<{ port: number; questions: () => number; stop: () => void }>;

/** A name server on loopback, RFC 1035: `two` has two addresses, `missing` does not exist, and so on. */
export async function startNameServer(host = '127.0.0.1'): Promise<NameServer> {
  let questions = 0;
  const socket: Socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (question, { port, address }) => {
    questions += 1;
    const label = question.toString('latin1', 13, 13 + (question[12] ?? 0));
    const code = responseCodes[label];
    if (code !== undefined) socket.send(answerTo(question, code, label === 'two' ? 2 : 0), port, address);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return { port: socket.address().port, questions: () => questions, stop: () => socket.close() };
}

function answerTo(question: Buffer, code: number, addresses: number): Buffer {
  // The question's section ends with the root label, type and class; what follows (EDNS) is not repeated.
  const end = question.indexOf(0, 12) + 5;
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(addresses, 6);
  head.writeUInt32BE(0, 8);
  const records = Array.from({ length: addresses }, (_, index) =>
    // Pointer to the name, type A, class IN, 60 s, four bytes: 192.0.2.index.
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, index]),
  );
  return Buffer.concat([head, ...records]);
}
