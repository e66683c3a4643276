import { readFileSync } from 'node:fs';

/**
 * How many sockets of this machine have joined an IPv4 group, by the name of the interface; none on systems other than Linux,
 * which do not say.
 */
export function joinedOn(group: string): ReadonlyMap<string, number> {
  return process.platform === 'linux'
    ? parseJoinedGroups(readFileSync('/proc/net/igmp', 'latin1'), group)
    : new Map();
}

/**
 * Rows of /proc/net/igmp: an interface (`2  eth0  : 1  V3`), below it each of its groups as the kernel prints a word of its memory,
 * with the number of its users (`0101EFEF  1  …`).
 */
export function parseJoinedGroups(table: string, group: string): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  let name = '';
  for (const line of table.split('\n')) {
    name = /^\d+\s+([^\s:]+)/.exec(line)?.[1] ?? name;
    const [, word, count] = /^\s+([0-9A-F]{8})\s+(\d+)\s/.exec(line) ?? [];
    if (word !== undefined && addressOf(word) === group) users.set(name, Number(count));
  }
  return users;
}

/** Processors that Node runs on have the lowest octet first. */
function addressOf(word: string): string {
  return Buffer.from(word, 'hex').reverse().join('.');
}
