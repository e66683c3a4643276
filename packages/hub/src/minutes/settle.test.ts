import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { furnished } from '@tongtang/simulator/county/furnish';
import { qilian } from '@tongtang/simulator/county/qilian';
import { hourS, type KeptStretch, type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import type { StoredSample } from '@tongtang/store/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle } from './settle.ts';

const inventory = furnished(qilian());
const log = createLog('error');
const agent = {
  id: 'a-1',
  kind: 'classroom',
  place: { county: 'qilian', school: 'hb3z', classroom: 'c1', agent: 'a-1' },
} as const;
/** A full hour. */
const from = 1_767_600_000;
const [dayS, monthS] = [86_400, 30 * 86_400];
let minutes: MinutesStore;

beforeEach(() => {
  minutes = openMinutes(join(mkdtempSync(join(tmpdir(), 'tongtang-settle-')), 'minutes.db'), log);
});
afterEach(() => minutes.close());

const woke = (time: number, sleptS: number): StoredSample => ({
  measurement: 'agent',
  tags: {},
  time,
  fields: { slept_s: sleptS },
});

/** Settles two hours. @returns how many hours it marked as late, and how many sleeps it noted */
async function settled(
  samples: readonly StoredSample[],
  begin = from,
): Promise<Readonly<{ marked: number; noted: number }>> {
  const markLate = vi.fn(minutes.markLate);
  const slept = vi.fn(minutes.slept);
  const telemetry = {
    samples: async ({ measurement }: Readonly<{ measurement: string }>) =>
      samples.filter((sample) => sample.measurement === measurement),
  };
  const span = { from: begin, to: begin + 2 * hourS };
  await settle({ telemetry, minutes: { ...minutes, markLate, slept }, log }, inventory, agent, span, begin);
  return { marked: markLate.mock.calls.flatMap(([hours]) => hours).length, noted: slept.mock.calls.length };
}

const sleepsIn = (span: KeptStretch) => minutes.sleeps(agent.id, span);
const ever = { from: 0, to: from + dayS };

describe('a sleep that is found out on waking', () => {
  it('marks the hours before the span that it touches, and is noted in full minutes', async () => {
    expect(await settled([woke(from + 630, 3 * hourS)])).toEqual({ marked: 3, noted: 1 });
    expect(minutes.late(from, 10).map(({ hour }) => (from - hour) / hourS)).toEqual([3, 2, 1]);
    expect(sleepsIn(ever)).toEqual([{ from: from + 600 - 3 * hourS, to: from + 660 }]);
  });

  it('costs nothing when it is settled again, as it is where spans overlap', async () => {
    const samples = [woke(from + 630, 3 * hourS)];
    await settled(samples);
    expect(await settled(samples)).toEqual({ marked: 0, noted: 0 });
    expect(await settled(samples, from - 2 * hourS)).toEqual({ marked: 0, noted: 0 });
  });

  it('is known beside the one before', async () => {
    await settled([woke(from + 630, hourS)]);
    expect(await settled([woke(from + 630, hourS), woke(from + 7000, hourS)])).toEqual({
      marked: 0,
      noted: 1,
    });
    expect(sleepsIn(ever)).toHaveLength(2);
  });
});

describe('a month of sleep that a stolen or broken agent tells of each second', () => {
  const eachSecond = (begin: number): StoredSample[] =>
    Array.from({ length: 2 * hourS }, (_, second) => woke(begin + second, monthS));

  it('marks each hour once, and is noted once', async () => {
    expect(await settled(eachSecond(from))).toEqual({ marked: 720, noted: 1 });
  });

  it('marks no hour again when it is told in the next two hours as well', async () => {
    await settled(eachSecond(from));
    expect(await settled(eachSecond(from + 2 * hourS), from + 2 * hourS)).toEqual({ marked: 0, noted: 1 });
    expect(sleepsIn({ from: from - dayS, to: from })).toHaveLength(1);
  });

  it('marks only what was not known of it', async () => {
    await settled([woke(from + 600, dayS)]);
    expect(await settled([woke(from + 600, 2 * dayS)])).toEqual({ marked: 25, noted: 1 });
  });

  it('with a second more each time is noted no more often than it has minutes', async () => {
    const told = Array.from({ length: 60 }, (_, second) => [woke(from + 600, monthS + second)]);
    let noted = 0;
    for (const samples of told) noted += (await settled(samples)).noted;
    expect(noted).toBe(2);
  });
});
