import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  datagrams,
  type PmtStream,
  packet,
  pmtSection,
  rtpPacket,
  sectionPackets,
  TestProgramme,
} from './packets.fixture.ts';
import { streamResult } from './result.ts';
import { StreamMeter } from './stream.ts';
import { StreamSeconds, streamScore } from './stream-score.ts';

/** A datagram of seven packets, a millisecond each. */
const periodMs = 7;
const seconds = 10;

/** So many seconds of a lesson; each datagram with the time at which it comes. */
function lesson(overRtp: boolean): { atMs: number; bytes: Buffer }[] {
  return datagrams(new TestProgramme().next(seconds * 1000)).map((bytes, index) => ({
    atMs: index * periodMs,
    bytes: overRtp ? rtpPacket(index, bytes) : bytes,
  }));
}

function fieldsOf(all: readonly { atMs: number; bytes: Buffer }[], dropped = 0, lastedMs = seconds * 1000) {
  const meter = new StreamMeter(0);
  for (const { atMs, bytes } of all) meter.datagram(bytes, atMs);
  return streamResult(meter.read(lastedMs), dropped).fields ?? {};
}
const secondOf = ({ atMs }: { atMs: number }) => Math.floor(atMs / 1000);
/** What is lost near the end of a second may be noticed in the next one. */
const isInside = ({ atMs }: { atMs: number }) => atMs % 1000 > 50 && atMs % 1000 < 850;

describe('the score of a stream', () => {
  it.each([
    ['rtp', true],
    ['continuity', false],
  ])('is 100 where nothing happened, and says that it is from %s', (from, overRtp) => {
    expect(fieldsOf(lesson(overRtp))).toMatchObject({
      stream_score: 100,
      score_from: from,
      scored_s: seconds,
      frozen_s: 0,
    });
  });

  it('is the share of the seconds from which nothing was lost, and never better with more loss', () => {
    const all = lesson(true);
    const losses = fc.uniqueArray(fc.nat(all.length - 1), { maxLength: 40 });
    const scoreWithout = (lost: readonly number[]) => {
      const passed = all.filter((one, index) => !(lost.includes(index) && isInside(one)));
      const hit = new Set(all.filter((one, index) => lost.includes(index) && isInside(one)).map(secondOf));
      const score = Number(fieldsOf(passed).stream_score);
      expect(score).toBe(Math.floor((100 * (seconds - hit.size)) / seconds));
      return score;
    };
    fc.assert(
      fc.property(losses, losses, (some, more) => {
        expect(scoreWithout([...some, ...more])).toBeLessThanOrEqual(scoreWithout(some));
      }),
      { numRuns: 40 },
    );
  });

  it('counts seconds without the stream, to its very end', () => {
    const broken = lesson(false).filter(({ atMs }) => atMs < 4000 || (atMs >= 6000 && atMs < 8000));
    expect(fieldsOf(broken)).toMatchObject({ stream_score: 60, scored_s: seconds });
  });

  it('counts seconds in which pictures stand still', () => {
    const programme = new TestProgramme();
    const { video } = programme.pids;
    const packets = programme.next(seconds * 1000);
    const frozen = packets.filter(
      (bytes, ms) => ms < 3000 || ms >= 4600 || (bytes.readUInt16BE(1) & 0x1fff) !== video,
    );
    // Its counter goes on where it left off, as that of a paused encoder does.
    let counter = 0;
    for (const bytes of frozen)
      if ((bytes.readUInt16BE(1) & 0x1fff) === video) {
        bytes[3] = (Number(bytes[3]) & 0xf0) | counter;
        counter = (counter + 1) & 15;
      }
    const perSecond = frozen.map((bytes) => ({ atMs: packets.indexOf(bytes), bytes }));
    expect(fieldsOf(perSecond)).toMatchObject({ stream_score: 80, frozen_s: 2, continuity_errors: 0 });
  });

  it.each([
    ['PAT', 0],
    ['PMT', 0x100],
  ])('counts seconds in which the %s is missing', (_, pid) => {
    const all = new TestProgramme()
      .next(seconds * 1000)
      .map((bytes, atMs) => ({ atMs, bytes }))
      .filter(({ bytes, atMs }) => (bytes.readUInt16BE(1) & 0x1fff) !== pid || atMs < 2000 || atMs >= 2900);
    expect(fieldsOf(all)).toMatchObject({ stream_score: 90 });
  });

  describe('is not given', () => {
    const score = (
      all: readonly { atMs: number; bytes: Buffer }[],
      dropped = 0,
      lastedMs = seconds * 1000,
    ) => {
      const { stream_score, score_from, scored_s } = fieldsOf(all, dropped, lastedMs);
      return { stream_score, score_from, scored_s };
    };

    it('of less than five seconds', () => {
      const short = lesson(true).filter(({ atMs }) => atMs < 4900);
      expect(score(short, 0, 4900)).toEqual({});
    });

    it('where this machine was too slow for the stream', () => {
      expect(score(lesson(true), 1)).toEqual({});
    });

    it('where nothing came, of which nobody knows what it would have been', () => {
      expect(score([])).toEqual({});
    });

    it.each<[string, PmtStream[]]>([
      ['there is sound alone', [[0x0f, 0x102]]],
      ['pictures are of an unknown kind', [[0x99, 0x101]]],
    ])('where %s', (_, streams) => {
      const pmt = pmtSection(1, 0x101, streams);
      const all = lessonWith((ms) =>
        ms % 100 === 1 ? sectionPackets(0x100, ms / 100, [pmt])[0] : undefined,
      );
      expect(score(all)).toEqual({});
    });

    it('where pictures are scrambled', () => {
      const scrambled = packet({ pid: 0x101, counter: 0, payload: Buffer.alloc(184), scrambled: true });
      expect(score(lessonWith((ms) => (ms === 5000 ? scrambled : undefined)))).toEqual({});
    });
  });
});

/** A lesson, packet by packet, some of them replaced. */
function lessonWith(instead: (ms: number) => Buffer | undefined): { atMs: number; bytes: Buffer }[] {
  return new TestProgramme()
    .next(seconds * 1000)
    .map((bytes, atMs) => ({ atMs, bytes: instead(atMs) ?? bytes }));
}

describe('seconds', () => {
  it('go on from one look to the next, and each is told once', () => {
    const totals = { packets: 0, disturbances: 0, freezes: 0, picturesMs: 0, incomplete: false };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 40 }), (stepsMs) => {
        const judged = new StreamSeconds(0);
        let nowMs = 0;
        let scored = 0;
        for (const stepMs of stepsMs) {
          nowMs += stepMs;
          judged.look(nowMs, totals);
          scored += judged.read().scored;
        }
        expect(scored).toBe(Math.floor(nowMs / 1000));
      }),
    );
  });

  it('make a score from 0 to 100 that falls with each bad or frozen one, and 100 where there is none', () => {
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.nat(600), (good, bad, frozen) => {
        const score = streamScore({ scored: good + bad + frozen, bad, frozen });
        if (good + bad + frozen < 5) expect(score).toBeUndefined();
        else {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score === 100).toBe(bad + frozen === 0);
          const worse = streamScore({ scored: good + bad + frozen, bad: bad + Math.min(1, good), frozen });
          expect(worse).toBeLessThanOrEqual(score ?? 0);
        }
      }),
    );
  });
});
