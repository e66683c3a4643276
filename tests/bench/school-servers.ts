import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { KeyPair } from '@tongtang/probes/tls/certificates.fixture';

/** What a classroom measures against beside its hub, on one address of this machine. */
export type SchoolServers = Readonly<{
  http: number;
  https: number;
  tcp: number;
  stop: () => void;
}>;

/** A page as a school's platform has it, in kilobytes. */
const page = Buffer.alloc(20_000, 'Qilian ');

/**
 * Starts web servers with and without TLS, a server that only takes connections, and a name server on port 53 to which
 * every name has this address.
 */
export async function startSchoolServers(address: string, pair: KeyPair): Promise<SchoolServers> {
  const servers: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    servers.push(server.listen(0, address));
    await once(server, 'listening');
    return portOf(server.address());
  };
  const names = createSocket('udp4');
  names.on('message', (question, { port, address: from }) => {
    const answer = answerTo(question, address);
    if (answer !== undefined) names.send(answer, port, from);
  });
  names.bind(53, address);
  await once(names, 'listening');
  return {
    http: await listen(createHttpServer((_, answer) => answer.end(page))),
    https: await listen(createHttpsServer(pair, (_, answer) => answer.end(page))),
    tcp: await listen(createTcpServer((socket) => socket.on('error', () => socket.destroy()).resume())),
    stop: () => {
      names.close();
      for (const server of servers) server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

/** RFC 1035: one A record for a question of type A, an empty answer for others, such as AAAA. */
function answerTo(question: Buffer, address: string): Buffer | undefined {
  const nameEnd = question.indexOf(0, 12);
  if (nameEnd < 0 || question.length < nameEnd + 5) return undefined;
  const head = Buffer.from(question.subarray(0, nameEnd + 5));
  const isA = head.readUInt16BE(nameEnd + 1) === 1;
  // An answer, recursion desired and available, no error; one question, no authorities, nothing additional.
  for (const [index, value] of [0x8180, 1, isA ? 1 : 0, 0, 0].entries())
    head.writeUInt16BE(value, 2 + index * 2);
  // Pointer to the name, type A, class IN, 60 s, four bytes.
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)];
  return Buffer.concat([head, Buffer.from(isA ? record : [])]);
}
