import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Receiver } from '@tongtang/probes/mpegts/receiver';
import { parseSource } from '@tongtang/probes/mpegts/source';
import { seeded } from '@tongtang/probes/stamp/seeded.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { encodeLesson, sendLesson } from '../services/ffmpeg.ts';
import { type Group, joinOnLoopback, type Passage, startLossyRelay } from './lossy-relay.ts';

/** FFmpeg's own streams, through a relay that drops real datagrams: what is measured is what was dropped. */

const lessonS = 12;
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-streams-'));
  file = join(folder, 'lesson.ts');
  encodeLesson(file, lessonS);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Groups of this run alone. */
let groups = 0;
function group(): Group {
  groups += 1;
  return { address: `239.${process.pid % 256}.7.${groups}`, port: 20_000 + (process.pid % 10_000) };
}

/** Sends the lesson over a path, and reads a receiver out when all that passed has arrived. */
async function measured(scheme: 'udp' | 'rtp', fate: (index: number) => readonly number[]) {
  const [near, far] = [group(), group()];
  const relay = await startLossyRelay(near, far, fate);
  const witness = await joinOnLoopback(far);
  let arrived = 0;
  witness.on('message', () => {
    arrived += 1;
  });
  const source = parseSource(`${scheme}://${far.address}:${far.port}?interface=127.0.0.1`);
  if ('problem' in source || source.kind !== 'socket') throw new Error('no source');
  const receiver = await Receiver.open(source, () => performance.now());
  try {
    await sendLesson(file, `${scheme}://${near.address}:${near.port}`);
    const passed = () =>
      relay.passages.reduce(
        (sum, { copies }, index) =>
          sum + copies.filter((behind) => index + behind < relay.passages.length).length,
        0,
      );
    await eventually('all datagrams', () => (arrived > 0 && arrived === passed() ? true : undefined));
    await nextTurn();
    const result = receiver.read();
    expect(result.fields?.dropped_datagrams ?? 0).toBe(0);
    return { ...result, passages: relay.passages };
  } finally {
    receiver.close();
    witness.close();
    relay.stop();
  }
}

/**
 * What the continuity counters must show, from the contents of the datagrams that were dropped: a packet behind packets of
 * its PID that are missing is an error, unless a multiple of 16 is. Knows nothing of how they are measured.
 */
function expectedErrors(passages: readonly Passage[], headerBytes: number) {
  const missing = new Map<number, number>();
  let errors = 0;
  let lost = 0;
  for (const { bytes, copies } of passages)
    for (let at = headerBytes; at < bytes.length; at += 188) {
      const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
      const counts = (bytes.readUInt8(at + 3) & 0x10) !== 0;
      if (pid === 0x1fff) continue;
      const before = missing.get(pid);
      if (copies.length === 0) {
        if (before !== undefined && counts) missing.set(pid, before + 1);
        continue;
      }
      if (before !== undefined && before % 16 !== 0) {
        errors += 1;
        if (counts) lost += before % 16;
      }
      missing.set(pid, 0);
    }
  return { errors, lost };
}

function holdsMoreThanFilling(bytes: Buffer): boolean {
  return Array.from(
    { length: bytes.length / 188 },
    (_, index) => bytes.readUInt16BE(index * 188 + 1) & 0x1fff,
  ).some((pid) => pid !== 0x1fff);
}

/** Losses alone and in bursts, of 3 % in all, but for the last datagrams: what is behind a stream nobody misses. */
function lossy(seed: number) {
  const random = seeded(seed);
  const dropped = new Set<number>();
  for (let index = 20; index < 2000; index += 1)
    if (random() < 0.015)
      for (let burst = random() < 0.2 ? 6 : 1; burst > 0; burst -= 1) dropped.add(index + burst);
  return { dropped, random };
}

/** A third of the seconds at the least lose something of what is dropped: how many, hangs on when FFmpeg sends. Of 100. */
const hurt = 67;

/** Before FFmpeg is ready the stream is away; that is a loss, too. */
function lossWhilePresent(fields: Readonly<Record<string, unknown>> = {}): number {
  const present = 1 - Number(fields.absent_s) / Number(fields.interval_s);
  return 1 - (1 - Number(fields.loss_ratio)) / present;
}

describe('a stream that FFmpeg sends', () => {
  it.concurrent('over UDP, has the losses that were made, packet by packet; second copies are none', async () => {
    const { dropped, random } = lossy(1);
    const fate = (index: number) =>
      dropped.has(index) ? [] : random() < 0.05 ? [0, 1 + Math.floor(random() * 6)] : [0];
    const { ok, fields, passages } = await measured('udp', fate);
    expect(passages.length).toBeGreaterThan(2000);
    const { errors, lost } = expectedErrors(passages, 0);
    const twice = passages.filter(
      ({ copies: [, behind = 0] }, index) => behind > 0 && index + behind < passages.length,
    );
    // A datagram of nothing but filling is like any other.
    const told = twice.filter(({ bytes }) => holdsMoreThanFilling(bytes));
    const [passed, untold] = [passages.filter(({ copies }) => copies.length > 0), twice.length - told.length];
    const packets = passed.reduce((sum, { bytes }) => sum + bytes.length / 188, 0) + untold * 7;
    expect(errors).toBeGreaterThan(20);
    expect({ ok, fields }).toMatchObject({
      ok: true,
      fields: {
        packets,
        continuity_errors: errors,
        duplicates: told.length,
        malformed_datagrams: 0,
        malformed_packets: 0,
        sync_losses: 0,
        crc_errors: 0,
        pids: 5,
        programmes: 1,
      },
    });
    expect(fields).toMatchObject({ score_from: 'continuity', scored_s: expect.any(Number) });
    expect(Number(fields?.stream_score)).toBeLessThan(hurt);
    const arrived = Number(fields?.packets) * (1 - Number(fields?.null_ratio));
    expect(lossWhilePresent(fields)).toBeCloseTo(lost / (lost + arrived), 9);
  }, 60_000);

  it.concurrent('over RTP, has lost the packets that were dropped, and only these: others overtook each other or came twice', async () => {
    const { dropped, random } = lossy(2);
    const swapped = (index: number) => index > 2 && index < 2000 && index % 50 === 0;
    const fate = (index: number) =>
      dropped.has(index) ? [] : swapped(index) ? [3] : random() < 0.02 ? [0, 4] : [0];
    const { ok, fields, passages } = await measured('rtp', fate);
    const lost = passages.filter(({ copies }) => copies.length === 0).length;
    const { errors } = expectedErrors(passages, 12);
    const late = passages.filter(
      ({ copies }, index) =>
        copies[0] === 3 && [1, 2, 3].some((next) => passages[index + next]?.copies.includes(0)),
    );
    const twice = passages.filter(
      ({ copies: [, behind = 0] }, index) => behind > 0 && index + behind < passages.length,
    );
    expect(lost).toBeGreaterThan(20);
    expect({ ok, fields }).toMatchObject({
      ok: true,
      fields: {
        rtp_lost: lost,
        reordered: late.length,
        duplicates: twice.length,
        continuity_errors: errors,
        malformed_datagrams: 0,
        ignored_datagrams: 0,
      },
    });
    expect(fields).toMatchObject({ score_from: 'rtp' });
    expect(Number(fields?.stream_score)).toBeLessThan(hurt);
    expect(lossWhilePresent(fields)).toBeCloseTo(lost / passages.length, 9);
  }, 60_000);

  it.concurrent('and that nothing happens to, has no errors, and the rate that it was made with', async () => {
    const { ok, fields, passages } = await measured('udp', () => [0]);
    const bits = passages.reduce((sum, { bytes }) => sum + bytes.length * 8, 0);
    const errors = Object.entries(fields ?? {}).filter(([name]) =>
      /_errors$|_losses$|^malformed|duplicates/.test(name),
    );
    // On a busy machine the sender itself may pause; all else is the stream's.
    const timed = new Set(['pat_errors', 'pmt_errors', 'pts_errors', 'pcr_repetition_errors']);
    expect(errors.filter(([name, value]) => !timed.has(name) && value !== 0)).toEqual([]);
    expect({ ok, fields }).toMatchObject({
      ok: true,
      fields: { pcr_accuracy_ns: 0, missing_pids: 0 },
    });
    // A second or two may be lost to such a pause.
    expect(Number(fields?.stream_score)).toBeGreaterThan(80);
    expect(Number(fields?.scored_s)).toBeGreaterThanOrEqual(lessonS - 1);
    expect(Number(fields?.stream_bit_s) * Number(fields?.interval_s)).toBeCloseTo(bits, 0);
    expect(lossWhilePresent(fields)).toBeCloseTo(0, 9);
    expect(bits / lessonS).toBeGreaterThan(2_900_000);
  }, 60_000);
});
