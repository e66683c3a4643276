import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a device sends back for a request: any number of datagrams. */
export type Manner = (request: Buffer, asked: number) => readonly Buffer[];

export type OddReceiver = Readonly<{
  port: number;
  /** @param lateMs how long it takes for each answer */
  behave: (manner: Manner, lateMs?: number) => void;
  close: () => void;
}>;

/** A UDP socket on loopback that answers as no proper agent would. */
export async function startOddReceiver(): Promise<OddReceiver> {
  let manner: Manner = () => [];
  let lateMs = 0;
  let asked = 0;
  const socket = createSocket('udp4', (request, from) => {
    asked += 1;
    const answer = () => {
      for (const datagram of manner(request, asked)) socket.send(datagram, from.port, from.address);
    };
    if (lateMs === 0) answer();
    else setTimeout(answer, lateMs).unref();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const behave = (next: Manner, late = 0) => {
    manner = next;
    lateMs = late;
    asked = 0;
  };
  return { port: socket.address().port, behave, close: () => socket.close() };
}

/** Tags of ASN.1 and of RFC 3416. */
const tags = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, response: 0xa2 } as const;

type Served = Readonly<{ oid: string; value: number | string | Buffer }>;

/** A response of SNMP v2c with the request's own id (RFC 3416, section 4.2.1). */
export function responseTo(
  request: Buffer,
  values: readonly Served[],
  { community = 'public', errorStatus = 0 } = {},
): Buffer {
  const varbinds = values.map(({ oid, value }) =>
    field(
      tags.sequence,
      field(tags.oid, octetsOfOid(oid)),
      typeof value === 'number' ? integer(value) : field(tags.octets, Buffer.from(value)),
    ),
  );
  const pdu = field(
    tags.response,
    integer(requestIdOf(request)),
    integer(errorStatus),
    integer(0),
    field(tags.sequence, ...varbinds),
  );
  return field(tags.sequence, integer(1), field(tags.octets, Buffer.from(community)), pdu);
}

/** The first integer of a GetRequest (a0) or GetBulkRequest (a5), behind its length of one or two octets. */
function requestIdOf(request: Buffer): number {
  const [, length, id = ''] =
    /a[05](?:81)?..02(0[1-4])((?:..){1,4}?)0201000201/.exec(request.toString('hex')) ?? [];
  if (length === undefined) throw new Error(`no request: ${request.toString('hex')}`);
  return Number.parseInt(id, 16);
}

function field(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(5);
  length[0] = tag;
  length[1] = 0x83;
  length.writeUIntBE(content.length, 2, 3);
  return Buffer.concat([length, content]);
}

function integer(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return field(tags.integer, octets);
}

function octetsOfOid(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  return Buffer.from([first * 40 + second, ...rest.flatMap(inSevens)]);
}

function inSevens(number: number): number[] {
  const octets = [number % 128];
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
    octets.unshift(128 + (left % 128));
  return octets;
}
