import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClassroomNetwork } from '../services/classroom-network.ts';
import { unitFlags } from '../services/shipped-agent.ts';
import { ProcessGroup } from './process-cost.ts';

/** Other agents of Debian's, each in a network of its own from which nothing gets out. */

export type Peer = Readonly<{ name: string; group: ProcessGroup; stop: () => Promise<void> }>;

/**
 * Netdata with Debian's settings: it collects each second and nobody asks it for anything, which is the least that it
 * can cost.
 */
export function startNetdata(network: ClassroomNetwork): Peer {
  const version = versionOf('netdata', ['-v']);
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-netdata-'));
  const directories = ['cache', 'lib', 'log'].map((name) => ({ name, path: join(folder, name) }));
  const { uid, gid } = userOf('netdata');
  for (const { path } of directories) mkdirSync(path);
  for (const path of [folder, ...directories.map(({ path }) => path)]) chownSync(path, uid, gid);
  const settings = directories.flatMap(({ name, path }) => ['-W', 'set', 'directories', name, path]);
  const group = new ProcessGroup('netdata');
  group.start(network.within(['netdata', '-D', '-P', join(folder, 'pid'), '-i', '127.0.0.1', ...settings]));
  return { name: version, group, stop: () => endAndRemove(group, folder) };
}

/** Zabbix agent 2, asked for 30 items every 10 s as a Zabbix server asks: a connection each. */
export function startZabbixAgent(network: ClassroomNetwork): Peer {
  const version = versionOf('zabbix_agent2', ['-V']);
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-zabbix-'));
  const settings = join(folder, 'zabbix_agent2.conf');
  writeFileSync(
    settings,
    `LogType=console
Server=${network.gateway}
ListenIP=${network.address}
ListenPort=${zabbixPort}
Hostname=bench
PidFile=${join(folder, 'pid')}
ControlSocket=${join(folder, 'socket')}
`,
  );
  const group = new ProcessGroup('zabbix');
  group.start(network.within(['zabbix_agent2', '-f', '-c', settings]));
  const asking = setInterval(() => void askAll(network.address), 10_000);
  return {
    name: version,
    group,
    stop: () => {
      clearInterval(asking);
      return endAndRemove(group, folder);
    },
  };
}

/** As often as the agent wakes: ten packets and their replies for each session of STAMP, and what else has its time. */
const wakesPerMinute = 150;

/**
 * A Node that wakes as often as the agent and does nothing then, with the agent's flags: what this machine takes for being
 * woken at all, which differs more from machine to machine than work does.
 */
export function startIdleNode(): Peer {
  const group = new ProcessGroup('idle-node');
  const nothing = `setInterval(() => {}, ${60_000 / wakesPerMinute})`;
  group.start([process.execPath, ...unitFlags, '-e', nothing]);
  return { name: `node ${process.version} that only wakes`, group, stop: () => group.end() };
}

/** Its own; the network is nobody else's. */
const zabbixPort = 10_050;

/** What it answered last, by item. */
export const zabbixAnswers = new Map<string, string>();

/** What our agent reports of host and interface, and what is near it, filled up to thirty. */
const zabbixItems = [
  'system.cpu.util',
  'system.cpu.util[,system]',
  'system.cpu.load[all,avg1]',
  'system.cpu.load[all,avg5]',
  'system.cpu.load[all,avg15]',
  'system.cpu.switches',
  'system.cpu.intr',
  'system.uptime',
  'system.localtime',
  'system.swap.size[,pfree]',
  'vm.memory.size[total]',
  'vm.memory.size[available]',
  'vm.memory.size[pavailable]',
  'vm.memory.size[cached]',
  'vfs.fs.size[/,total]',
  'vfs.fs.size[/,free]',
  'vfs.fs.size[/,pused]',
  'vfs.fs.inode[/,pfree]',
  'proc.num[]',
  'proc.num[,,run]',
  'net.if.in[eth0]',
  'net.if.in[eth0,packets]',
  'net.if.in[eth0,errors]',
  'net.if.in[eth0,dropped]',
  'net.if.out[eth0]',
  'net.if.out[eth0,packets]',
  'net.if.out[eth0,errors]',
  'net.if.out[eth0,dropped]',
  'kernel.maxfiles',
  'agent.ping',
];

async function askAll(host: string): Promise<void> {
  for (const item of zabbixItems)
    zabbixAnswers.set(
      item,
      await askZabbix(host, item).catch((error: unknown) => `no answer: ${String(error)}`),
    );
}

/** Zabbix protocol, version 5.0 and later: `ZBXD`, flags, lengths, text; both ways. */
async function askZabbix(host: string, item: string): Promise<string> {
  const head = Buffer.from('ZBXD\x01\0\0\0\0\0\0\0\0');
  head.writeUInt32LE(item.length, 5);
  const socket = connect(zabbixPort, host);
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(Buffer.concat([head, Buffer.from(item)]));
  await once(socket, 'close');
  return Buffer.concat(parts).toString('utf8', head.length);
}

function versionOf(program: string, words: string[]): string {
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  const { stdout, error } = spawnSync(program, words, { env, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${program} is needed: npm run bench installs it as root`);
  return `${program} ${/\d+\.\d+[.\d]*/.exec(stdout)?.[0] ?? 'of unknown version'}`;
}

/** Of a system user, by a folder that is its own. */
function userOf(name: string): { uid: number; gid: number } {
  return statSync(`/var/lib/${name}`);
}

async function endAndRemove(group: ProcessGroup, folder: string): Promise<void> {
  await group.end();
  rmSync(folder, { recursive: true, force: true });
}
