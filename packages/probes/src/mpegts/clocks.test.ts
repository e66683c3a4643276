import { describe, expect, it } from 'vitest';
import { Clocks } from './clocks.ts';
import { pcrModulus, ticksPerMs } from './packet.ts';

type Step = Readonly<{ pcrMs: number; arrivedMs?: number; announced?: boolean }>;

function read(steps: readonly Step[], arrival = true) {
  const clocks = new Clocks(arrival);
  for (const { pcrMs, arrivedMs = pcrMs, announced = false } of steps) {
    if (announced) clocks.announceJump(0);
    clocks.pcr(0, (pcrMs * ticksPerMs) % pcrModulus, arrivedMs, arrivedMs);
  }
  return clocks.read(steps.at(-1)?.arrivedMs ?? steps.at(-1)?.pcrMs ?? 0, true);
}

const at = (...times: number[]): Step[] => times.map((pcrMs) => ({ pcrMs }));

describe('PCRs (TR 101 290, 2.3a and 2.3b)', () => {
  it('that come in time are no error', () => {
    expect(read(at(0, 40, 80, 180))).toMatchObject({
      repetitionErrors: 0,
      discontinuityErrors: 0,
      longestMs: 100,
    });
  });

  it('more than 100 ms apart are one of each; more than 40 ms is told beside', () => {
    expect(read(at(0, 40, 80, 181, 220))).toMatchObject({
      repetitionErrors: 1,
      discontinuityErrors: 1,
      sparse: 1,
      longestMs: 101,
    });
  });

  it('may jump where the stream says so; late is late all the same', () => {
    const steps = [
      ...at(0, 40, 80),
      { pcrMs: 99_000, arrivedMs: 181, announced: true },
      { pcrMs: 99_039, arrivedMs: 220 },
    ];
    expect(read(steps)).toMatchObject({
      repetitionErrors: 1,
      discontinuityErrors: 0,
      jitterMs: expect.closeTo(0, 6),
    });
  });

  it('that jump without a word are one error, not one for each PCR behind', () => {
    const steps = [0, 40, 80]
      .flatMap((ms) => at(ms))
      .concat([90_000, 90_040, 90_080].map((pcrMs, index) => ({ pcrMs, arrivedMs: 120 + index * 40 })));
    expect(read(steps)).toMatchObject({
      repetitionErrors: 0,
      discontinuityErrors: 1,
      spreadMs: expect.closeTo(0, 6),
    });
  });

  it('that the network holds up are not late by their own clock', () => {
    expect(read([...at(0, 40), { pcrMs: 80, arrivedMs: 300 }, { pcrMs: 120, arrivedMs: 301 }])).toMatchObject(
      {
        repetitionErrors: 0,
        discontinuityErrors: 0,
        longestMs: 260,
      },
    );
  });

  it('go on over the wrap after 26.5 hours', () => {
    const wrapMs = pcrModulus / ticksPerMs;
    const steps = [wrapMs - 60, wrapMs - 20, wrapMs + 20, wrapMs + 60].map((pcrMs, index) => ({
      pcrMs,
      arrivedMs: index * 40,
    }));
    expect(read(steps)).toMatchObject({
      discontinuityErrors: 0,
      repetitionErrors: 0,
      spreadMs: expect.closeTo(0, 6),
    });
  });

  it('that stay away are an error in each interval that they are away', () => {
    const clocks = new Clocks(true);
    for (const ms of [0, 40]) clocks.pcr(0, ms * ticksPerMs, ms, ms);
    expect(clocks.read(1000, true)).toMatchObject({ repetitionErrors: 1, longestMs: 960 });
    expect(clocks.read(2000, true)).toMatchObject({ repetitionErrors: 1, longestMs: 1960 });
    clocks.interrupt();
    expect(clocks.read(3000, true)).toMatchObject({ repetitionErrors: 0, longestMs: undefined });
  });
});

describe('jitter', () => {
  it('of PCRs that come alternately 10 ms early and late goes to 20 ms, and spans 20 ms', () => {
    const steps = Array.from({ length: 400 }, (_, index) => ({
      pcrMs: index * 40,
      arrivedMs: index * 40 + (index % 2 === 0 ? 10 : -10) + 20,
    }));
    const { jitterMs, spreadMs } = read(steps);
    expect(jitterMs).toBeCloseTo(20, 6);
    expect(spreadMs).toBeCloseTo(20, 6);
  });

  it('is not measured where nothing arrives, as in a file', () => {
    expect(read(at(0, 40, 80), false)).toMatchObject({ jitterMs: undefined, spreadMs: undefined });
  });
});

describe('accuracy (TR 101 290, 2.4)', () => {
  /** A PCR each 20 packets and 40 ms, off by some ticks. */
  function accuracyOf(offTicks: (index: number) => number, lossAt?: number, count = 64) {
    const clocks = new Clocks(true);
    for (let index = 0; index < count; index += 1) {
      if (index === lossAt) clocks.lose();
      clocks.pcr(0, index * 40 * ticksPerMs + offTicks(index), index * 20, index * 40);
    }
    const { accuracyErrors, accuracyNs } = clocks.read(0, true);
    return { accuracyErrors, accuracyNs };
  }

  it('is perfect where each PCR is in its place', () => {
    expect(accuracyOf(() => 0)).toEqual({ accuracyErrors: 0, accuracyNs: expect.closeTo(0, 1) });
  });

  it('finds the one PCR that is 20 µs off, and no other', () => {
    const { accuracyErrors, accuracyNs } = accuracyOf((index) => (index === 40 ? 540 : 0));
    // The line leans towards it by some hundredths.
    expect(accuracyNs).toBeGreaterThan(18_000);
    expect(accuracyNs).toBeLessThan(20_001);
    expect(accuracyErrors).toBeGreaterThanOrEqual(1);
  });

  it('is not told of a stream without a constant rate, nor of one with too many losses', () => {
    expect(accuracyOf((index) => (index % 7) * 4 * ticksPerMs)).toEqual({
      accuracyErrors: 0,
      accuracyNs: undefined,
    });
    expect(accuracyOf(() => 0, 31, 62)).toEqual({ accuracyErrors: 0, accuracyNs: undefined });
  });
});
