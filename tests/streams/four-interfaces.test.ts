import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { encodeLesson, lessonRate } from '../services/ffmpeg.ts';

/**
 * A PC with four cables, each from a network of its own: namespaces that end with the test. The same group is sent by two of
 * these networks, as where a school has both a receiver of its own and a provider's television.
 */

const child = join(import.meta.dirname, 'four-interfaces.child.ts');
const [group, port, lessonS] = ['239.1.1.1', 5004, 4];
// Debian puts `ip` where only root's PATH looks.
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
const isRoot = process.getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'tongtang-interfaces-'));
const lesson = join(folder, 'lesson.ts');
const ends: (() => void)[] = [];
let pc: number;
let world: number;
beforeAll(async () => {
  encodeLesson(lesson, lessonS);
  pc = await namespace(isRoot ? ['--net'] : ['--user', '--map-root-user', '--net']);
  world = await namespace(['--net'], pc);
  for (const n of [1, 2, 3, 4])
    for (const [at, words] of [
      [pc, `link add eth${n} type veth peer name far${n} netns ${world}`],
      [pc, `address add 198.18.${n}.2/24 dev eth${n}`],
      [pc, `link set eth${n} up`],
      [world, `address add 198.18.${n}.1/24 dev far${n}`],
      [world, `link set far${n} up`],
    ] as const)
      execFileSync(...within(at, ['ip', ...words.split(' ')]), { env });
  execFileSync(...within(pc, ['ip', 'route', 'add', 'default', 'via', '198.18.1.1']), { env });
});
afterAll(() => {
  for (const end of ends.reverse()) end();
  rmSync(folder, { recursive: true });
});

/** A process that holds a network namespace, and its id. */
async function namespace(flags: readonly string[], inside?: number): Promise<number> {
  const words = ['unshare', ...flags, 'sh', '-c', 'echo there; exec sleep 600'];
  const holder = spawn(...(inside === undefined ? command(words) : within(inside, words)), { env });
  ends.push(() => holder.kill());
  await once(holder.stdout, 'data');
  if (holder.pid === undefined) throw new Error('no namespace');
  return holder.pid;
}

function within(at: number, words: readonly string[]): [string, string[]] {
  return command([
    'nsenter',
    `--target=${at}`,
    ...(isRoot ? [] : ['-U', '--preserve-credentials']),
    '-n',
    ...words,
  ]);
}

function command([program = '', ...words]: readonly string[]): [string, string[]] {
  return [program, words];
}

/** Sends the lesson out of one of the networks, with PIDs of its own. */
async function send(network: number, firstPid: number): Promise<void> {
  const place = `udp://${group}:${port}?localaddr=198.18.${network}.1&ttl=1&pkt_size=1316`;
  const remux = [
    '-c',
    'copy',
    '-f',
    'mpegts',
    '-muxrate',
    `${lessonRate}`,
    '-mpegts_start_pid',
    `${firstPid}`,
  ];
  const words = ['ffmpeg', '-hide_banner', '-loglevel', 'error', '-re', '-i', lesson, ...remux, place];
  const sender = spawn(...within(world, words), { env, stdio: 'inherit' });
  expect(await once(sender, 'close')).toEqual([0, null]);
}

let leave = async (): Promise<void> => {};
afterEach(() => leave());

type Told = Readonly<{ readings: readonly Readonly<Record<string, number>>[]; joined: readonly string[] }>;

/** Listens on some of the PC's interfaces, beside a player on another; asks what was measured since it was asked last. */
async function listen(names: readonly string[], playerOn: string) {
  const words = [process.execPath, child, group, `${port}`, ...names, playerOn];
  const listener = spawn(...within(pc, words), { env, stdio: ['pipe', 'pipe', 'inherit'] });
  leave = async () => {
    listener.stdin.end();
    await once(listener, 'close');
  };
  const lines = createInterface(listener.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return async (line: 'with player' | 'without player'): Promise<Told> => {
    listener.stdin.write(`${line}\n`);
    return JSON.parse((await lines.next()).value ?? '');
  };
}

it('a stream is measured as it comes by the interface that was asked for, whatever a player hears on another', async () => {
  const ask = await listen(['eth3', 'eth4'], '198.18.2.2');
  await ask('with player');
  await Promise.all([send(2, 0x500), send(3, 0x300)]);
  const [third, fourth] = (await ask('with player')).readings;
  expect(third).toMatchObject({ pids: 5, programmes: 1, continuity_errors: 0, duplicates: 0 });
  expect((Number(third?.packets) * 188 * 8) / lessonRate).toBeCloseTo(lessonS, 0);
  expect(fourth).toMatchObject({ packets: 0, loss_ratio: 1 });
}, 60_000);

it('what was shut for a player is left with it', async () => {
  const ask = await listen(['eth3'], '198.18.2.2');
  expect((await ask('with player')).joined).toEqual(['eth2', 'eth3']);
  expect((await ask('without player')).joined).toEqual(['eth3']);
});
