import { packetBytes } from './packet.ts';

/** A second copy that comes by another way is looked for among so many. */
const remembered = 32;

/** The last datagrams of a stream without sequence numbers, where they were received. */
export class RecentDatagrams {
  readonly #datagrams: (Buffer | undefined)[] = new Array(remembered).fill(undefined);
  /** Octets of each that tell it from most others. */
  readonly #marks = new Int32Array(remembered);
  #at = 0;

  add(datagram: Buffer): void {
    this.#datagrams[this.#at] = datagram;
    this.#marks[this.#at] = markOf(datagram);
    this.#at = (this.#at + 1) % remembered;
  }

  has(datagram: Buffer): boolean {
    const mark = markOf(datagram);
    for (let at = 0; at < remembered; at += 1)
      if (this.#marks[at] === mark && this.#datagrams[at]?.equals(datagram) === true) return true;
    return false;
  }
}

/** The head of the last packet, with its counter, and some of what it holds. */
function markOf(datagram: Buffer): number {
  const { length } = datagram;
  return length < packetBytes
    ? length
    : datagram.readInt32LE(length - packetBytes) ^ datagram.readInt32LE(length - 8);
}
