import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * What Linux received for a socket of this process and threw away, because nobody took it in time: without this count a
 * busy machine looks like a bad path. Other systems do not say.
 */
export class KernelDrops {
  readonly #inode: number | undefined;
  #told = 0;

  /** @param port of a socket that was bound just now */
  constructor(port: number) {
    this.#inode = process.platform === 'linux' ? newestSocket(port) : undefined;
  }

  /** Datagrams dropped since the last call; undefined where the system does not say. */
  read(): number | undefined {
    if (this.#inode === undefined) return undefined;
    const row = udpSockets().find(({ inode }) => inode === this.#inode);
    if (row === undefined) return undefined;
    const dropped = row.drops - this.#told;
    this.#told = row.drops;
    return dropped;
  }
}

type UdpSocket = Readonly<{ port: number; inode: number; drops: number }>;

/** Rows of /proc/net/udp and udp6 (proc(5)): a number, the local address with its port, …, inode, …, drops. */
export function parseUdpSockets(table: string): UdpSocket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const port = Number.parseInt(columns[1]?.split(':').at(-1) ?? '', 16);
      const [inode, drops] = [Number(columns[9]), Number(columns[12])];
      return Number.isInteger(port) && Number.isInteger(inode) && Number.isInteger(drops)
        ? [{ port, inode, drops }]
        : [];
    });
}

function udpSockets(): UdpSocket[] {
  return ['/proc/self/net/udp', '/proc/self/net/udp6'].flatMap((path) => {
    try {
      return parseUdpSockets(readFileSync(path, 'latin1'));
    } catch {
      // A kernel without IPv6 has no such table.
      return [];
    }
  });
}

/** Another process may listen on the same port: only our own sockets count, and of these the newest. */
function newestSocket(port: number): number | undefined {
  const own = new Set(readdirSync('/proc/self/fd').map(linkOf));
  const inodes = udpSockets()
    .filter((socket) => socket.port === port && own.has(`socket:[${socket.inode}]`))
    .map(({ inode }) => inode);
  return inodes.length === 0 ? undefined : Math.max(...inodes);
}

function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
