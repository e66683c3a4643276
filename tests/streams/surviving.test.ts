import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Receiver } from '@tongtang/probes/mpegts/receiver';
import { parseSource } from '@tongtang/probes/mpegts/source';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { encodeLesson, encodeProgrammes, lessonRate, sendLesson } from '../services/ffmpeg.ts';

/** What becomes of FFmpeg's streams in a term, while one receiver listens. */

const lessonS = 7;
/** Longer than a stream may be silent and still be there. */
const pauseMs = 1500;
const port = 20_000 + (process.pid % 10_000);

const folder = mkdtempSync(join(tmpdir(), 'tongtang-surviving-'));
const lesson = join(folder, 'lesson.ts');
beforeAll(() => encodeLesson(lesson, lessonS));
afterAll(() => rmSync(folder, { recursive: true }));

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0).reverse()) step();
});

/** A group of this run alone, and who listens to it. */
let groups = 0;
async function listening() {
  groups += 1;
  const group = `239.${process.pid % 256}.10.${groups}`;
  const source = parseSource(`udp://${group}:${port}?interface=127.0.0.1`);
  if ('problem' in source || source.kind !== 'socket') throw new Error('no source');
  const receiver = await Receiver.open(source, () => performance.now());
  cleanUp.push(() => receiver.close());
  const read = async (): Promise<Readonly<Record<string, unknown>>> => {
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    const result = receiver.read();
    expect(result.ok).toBe(true);
    return result.fields ?? {};
  };
  return { group, read };
}

async function sender(): Promise<Socket> {
  const socket = createSocket('udp4');
  cleanUp.push(() => socket.close());
  socket.bind(0);
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  socket.setMulticastTTL(0);
  return socket;
}

/** Sends octets as datagrams of seven packets, each so many times, and lets the receiver have each. */
async function send(
  socket: Socket,
  group: string,
  octets: Buffer,
  packetBytes = 188,
  copies = 1,
): Promise<void> {
  const size = 7 * packetBytes;
  for (let at = 0; at + size <= octets.length; at += size)
    for (let copy = 0; copy < copies; copy += 1) {
      socket.send(octets.subarray(at, at + size), port, group);
      await nextTurn();
    }
}

/** The lesson as FFmpeg writes it at another time of its clock. */
function lessonAt(seconds: number): Buffer {
  const file = join(folder, `at-${seconds}.ts`);
  const format = ['-f', 'mpegts', '-muxrate', `${lessonRate}`, '-output_ts_offset', `${seconds}`];
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-i', lesson, '-c', 'copy', ...format, file]);
  return readFileSync(file);
}

/** How many datagrams hold null packets alone. */
function fillingIn(octets: Buffer): number {
  let count = 0;
  for (let at = 0; at < octets.length; at += 7 * 188)
    if ([0, 1, 2, 3, 4, 5, 6].every((n) => (octets.readUInt16BE(at + n * 188 + 1) & 0x1fff) === 0x1fff))
      count += 1;
  return count;
}

const sound = {
  missing_pids: 0,
  pid_errors: 0,
  sync_losses: 0,
  crc_errors: 0,
  transport_errors: 0,
  dropped_datagrams: 0,
  malformed_datagrams: 0,
  malformed_packets: 0,
  programmes: 1,
};

it('a stream that stops and comes back with other PIDs and another clock has been away, and has no errors', async () => {
  const { group, read } = await listening();
  const url = `udp://${group}:${port}`;
  await sendLesson(lesson, url);
  expect(await read()).toMatchObject({ ...sound, continuity_errors: 0, pids: 5 });

  await wait(pauseMs);
  const others = [
    '-mpegts_pmt_start_pid',
    '0x480',
    '-mpegts_start_pid',
    '0x500',
    '-output_ts_offset',
    '7200',
  ];
  await sendLesson(lesson, url, others);
  const back = await read();
  expect(back).toMatchObject({
    ...sound,
    continuity_errors: 0,
    pcr_discontinuity_errors: 0,
    duplicates: 0,
    pids: 5,
  });
  expect(Number(back.absent_s)).toBeGreaterThan(pauseMs / 1000);
}, 60_000);

it('one that jumps in time has one jump and a broken counter for each PID at most, and then none', async () => {
  const [{ group, read }, socket, later, earlier] = [
    await listening(),
    await sender(),
    lessonAt(7200),
    lessonAt(0),
  ];
  await send(socket, group, later);
  await read();
  await send(socket, group, earlier);
  const jump = await read();
  expect(jump).toMatchObject({ ...sound, pcr_discontinuity_errors: 1 });
  expect(jump.continuity_errors).toBeLessThanOrEqual(5);
  await send(socket, group, later);
  expect(await read()).toMatchObject({ ...sound, pcr_discontinuity_errors: 1 });
}, 60_000);

it('one whose packets become 204 octets long, and short again, and come twice, has no errors', async () => {
  const [{ group, read }, socket, octets] = [await listening(), await sender(), readFileSync(lesson)];
  const packets = Math.floor(octets.length / 188 / 21) * 21;
  const third = (packets / 3) * 188;
  const parity = Buffer.alloc(16, 0x47);
  const long = Buffer.concat(
    Array.from({ length: packets / 3 }, (_, index) => [
      octets.subarray(third + index * 188, third + index * 188 + 188),
      parity,
    ]).flat(),
  );
  await send(socket, group, octets.subarray(0, third));
  await send(socket, group, long, 204);
  await send(socket, group, octets.subarray(2 * third, 3 * third), 188, 2);
  const fields = await read();
  expect(fields).toMatchObject({
    ...sound,
    continuity_errors: 0,
    pcr_discontinuity_errors: 0,
    sync_byte_errors: 0,
  });
  // A datagram of nothing but filling is like any other, and not known again.
  const filling = fillingIn(octets.subarray(2 * third, 3 * third));
  expect(fields.duplicates).toBe(packets / 3 / 7 - filling);
  expect(fields.packets).toBe(packets + 7 * filling);
}, 60_000);

// FFmpeg writes no more than some 50; how it goes on beyond 64 is tested beside the analyser.
it('one with 50 programmes has them all watched', async () => {
  const file = join(folder, 'many.ts');
  encodeProgrammes(file, 50);
  const [{ group, read }, socket] = [await listening(), await sender()];
  await send(socket, group, readFileSync(file));
  expect(await read()).toMatchObject({
    ...sound,
    programmes: 50,
    unwatched_programmes: 0,
    // Sound and PMT of each, PAT and SDT.
    pids: 102,
    continuity_errors: 0,
    pmt_errors: 0,
  });
}, 60_000);
