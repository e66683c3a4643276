import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Channel, channels, filterOf, topicOf } from '@tongtang/wire/topics';
import type { KnownAgent } from './access.ts';

/** The hub's own user on the Mosquitto, with a hash from password.ts, and the counties that it reads; none: all. */
export type HubUser = Readonly<{ name: string; passwordHash: string; counties: readonly string[] }>;

export type MosquittoFiles = Readonly<{ passwd: string; acl: string }>;

/**
 * The `password_file` and `acl_file` of a Mosquitto that stands in for the embedded broker. Each agent may publish its
 * own upward channels and read its own downward ones; the hub reads and writes those of its counties the other way
 * round, and takes back the retained status of agents that are gone (clause S-7). Send the daemon SIGHUP after an agent was enrolled or revoked.
 */
export function mosquittoFiles(agents: readonly KnownAgent[], hub: HubUser): MosquittoFiles {
  const counties = hub.counties.length === 0 ? ['+'] : hub.counties;
  const users = [...agents].sort((a, b) => (a.address.agent < b.address.agent ? -1 : 1));
  const passwd = [
    { name: hub.name, hash: hub.passwordHash },
    ...users.map(({ address, passwordHash }) => ({ name: address.agent, hash: passwordHash })),
  ].map(({ name, hash }) => `${name}:${hash}\n`);
  const acl = [
    entry(
      hub.name,
      counties.flatMap((county) => [
        ...up.map((channel) => `topic read ${filterOf(county, channel)}`),
        ...down.map((channel) => `topic write ${filterOf(county, channel)}`),
        `topic write ${filterOf(county, 'status')}`,
      ]),
    ),
    ...users.map(({ address }) =>
      entry(address.agent, [
        ...up.map((channel) => `topic write ${topicOf(address, channel)}`),
        ...down.map((channel) => `topic read ${topicOf(address, channel)}`),
      ]),
    ),
  ];
  return { passwd: passwd.join(''), acl: acl.join('\n') };
}

/**
 * Writes `passwd` and `acl` into the folder, each whole or not at all. Their owner and group may read them: Mosquitto
 * runs as a user of its own, whose group the folder hands on (`chmod g+s`).
 * @returns the paths, in the order password file, access list
 * @throws where the folder cannot be written
 */
export async function writeMosquittoFiles(
  folder: string,
  { passwd, acl }: MosquittoFiles,
): Promise<readonly [passwd: string, acl: string]> {
  await mkdir(folder, { recursive: true });
  const paths = [join(folder, 'passwd'), join(folder, 'acl')] as const;
  await replaceFile(paths[0], passwd);
  await replaceFile(paths[1], acl);
  return paths;
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o640, flush: true });
  // An older draft that was left behind keeps its mode.
  await chmod(draft, 0o640);
  await rename(draft, path);
}

const names = Object.keys(channels).filter((name): name is Channel => name in channels);
const up = names.filter((name) => channels[name] === 'up');
const down = names.filter((name) => channels[name] === 'down');

function entry(user: string, lines: readonly string[]): string {
  return `user ${user}\n${lines.join('\n')}\n`;
}
