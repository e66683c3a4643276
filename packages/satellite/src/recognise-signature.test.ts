import { seeded } from '@tongtang/probes/stamp/seeded.fixture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseSignature, type SignatureContext } from './recognise-signature.ts';
import { type Receiver, seriesOf } from './signal-series.fixture.ts';
import { doubtTitles, type SignalReading, type SignatureKind, signatureTitles } from './signature.ts';

/** Readings every 10 s: numbers are C/N with lock, `x` is no lock. */
function every10s(text: string): SignalReading[] {
  return text.split(' ').map((word, index) => ({
    time: 1_800_000_000 + 10 * index,
    locked: word !== 'x',
    ...(word !== 'x' && { cnDb: Number(word) }),
  }));
}

const clear = '12.1 12.0 12.0 12.1 11.9 12.0 12.1 12.0';
const flat = (level: string, count: number): string => Array.from({ length: count }, () => level).join(' ');

describe('a series of readings is told as', () => {
  it.each<[SignatureKind, string, string, SignatureContext]>([
    ['steady', 'low', clear, {}],
    ['steady', 'high', `${clear} ${clear} ${clear}`, {}],
    ['steady', 'low', `${clear} 11.2 12.0 12.1`, {}],
    ['rain-fade', 'high', `${clear} 11.4 10.8 10.1 9.3 8.8 8.1 7.6 7.2 6.9 x x x`, { thresholdDb: 6.6 }],
    ['rain-fade', 'high', `${clear} 11.4 10.8 10.1 9.3 8.8 8.1 7.6 7.2 6.9 x x x`, {}],
    ['rain-fade', 'high', `${clear} 11.4 10.8 10.1 9.3 8.8 8.1 7.6 7.2 7.5 8.1 8.9 9.6 10.4 11.2 12.0`, {}],
    ['rain-fade', 'low', `${clear} 11.0 10.1 9.2 8.3 8.2 8.3 8.2`, {}],
    ['cabling', 'high', `${clear} x x x`, { thresholdDb: 6.6 }],
    ['cabling', 'low', `${clear} x x x`, { thresholdDb: 9 }],
    ['cabling', 'low', `${clear} x x x`, {}],
    ['cabling', 'low', `${clear} x x x ${clear}`, { thresholdDb: 6.6 }],
    ['pointing', 'low', `${clear} ${flat('8.0', 8)}`, {}],
    ['pointing', 'high', `${clear} ${flat('6.9', 8)}`, {}],
    ['pointing', 'low', `${clear} ${flat('6.9', 8)} x x`, { thresholdDb: 6.6 }],
  ])('%s, certainty %s: %s %o', (kind, certainty, text, context) => {
    expect(recogniseSignature(every10s(text), context)).toMatchObject({ kind, certainty });
  });

  it('a sun outage where one was predicted, and as rain half an hour beside it', () => {
    const series = every10s(`${clear} 11.4 10.8 10.1 9.3 8.8 8.1 7.6 7.2 7.5 8.1 8.9 9.6 10.4 11.2 12.0`);
    const at = (offsetS: number): SignatureContext => ({
      sunOutages: [{ begin: 1_800_000_060 + offsetS, end: 1_800_000_260 + offsetS }],
    });
    expect(recogniseSignature(series, at(0))).toMatchObject({ kind: 'sun-outage', certainty: 'high' });
    expect(recogniseSignature(series, at(150)).kind).toBe('sun-outage');
    expect(recogniseSignature(series, at(1800)).kind).toBe('rain-fade');
    expect(recogniseSignature(series, at(-1800)).kind).toBe('rain-fade');
    const stays = [...series.slice(0, 15), ...every10s(flat('7.2', 80)).slice(15)];
    expect(recogniseSignature(stays, at(0)).kind).toBe('rain-fade');
    const cut = every10s(`${clear} x x x`);
    expect(recogniseSignature(cut, { ...at(0), thresholdDb: 6.6 }).kind).toBe('cabling');
  });

  it('with what was seen', () => {
    const { evidence } = recogniseSignature(every10s(`${clear} 11.1 10.2 9.3 8.4 8.3 8.4 8.3`));
    expect(evidence).toMatchObject({ readings: 15, lockLost: false, recovered: false, clearDb: 12 });
    expect(evidence.fallDb).toBeCloseTo(3.6, 6);
    expect(evidence.fallS).toBe(40);
    expect(evidence.since).toBe(1_800_000_070);
  });
});

describe('nothing is said', () => {
  it.each<[keyof typeof doubtTitles, string, SignatureContext]>([
    ['few-readings', '12 12 12 12 12 x x', {}],
    ['no-clear-start', `x x x ${clear}`, {}],
    ['no-clear-start', `12 11 10 9 8 7 6.8 6.7 ${clear}`, {}],
    ['no-clear-start', clear, { thresholdDb: 13 }],
    ['noisy', '12 9 14 10 15 11 13 9 14 10', {}],
    ['just-happened', `${clear} x`, { thresholdDb: 6.6 }],
    ['passing', `${clear} x ${clear}`, { thresholdDb: 6.6 }],
    ['just-happened', `${clear} 6.9 6.9 6.9`, {}],
    ['passing', `${clear} ${flat('6.9', 6)} ${clear}`, {}],
    ['neither-slow-nor-sudden', `${clear} 11.5 11 10.6 7.0 6.8 6.8 6.8 6.8`, {}],
    ['neither-slow-nor-sudden', `${clear} x x x`, { thresholdDb: 11 }],
    ['neither-slow-nor-sudden', `${clear} 11 10 9 8 2.8 2.4 2.2 2.2 2.2`, {}],
    ['neither-slow-nor-sudden', `${clear} 6.9 6.9 6.9 9.2 9.3 9.2 6.9 9.3`, {}],
    ['readings-far-apart', `${clear} 9.5 7 7 7 7 7 7`, {}],
  ])('%s: %s %o', (doubt, text, context) => {
    expect(recogniseSignature(every10s(text), context)).toMatchObject({
      kind: 'unknown',
      certainty: 'none',
      doubt,
    });
  });

  it('of a cut between readings a minute apart: rain could have come and gone down in between', () => {
    const slow = every10s(`${clear} x x x`).map((reading) => ({ ...reading, time: reading.time * 6 }));
    expect(recogniseSignature(slow)).toMatchObject({ doubt: 'readings-far-apart' });
    expect(recogniseSignature(slow, { thresholdDb: 8 })).toMatchObject({ doubt: 'readings-far-apart' });
  });

  it('of a fall that lasts longer than rain', () => {
    const fall = '11.4 10.8 10.1 9.3 8.8 8.4';
    const lasting = every10s(`${clear} ${fall} ${flat('8.4', 1100)}`);
    expect(recogniseSignature(lasting)).toMatchObject({ doubt: 'longer-than-rain' });
    expect(recogniseSignature(lasting.slice(0, 800)).kind).toBe('rain-fade');
    const over = every10s(`${clear} ${fall} ${flat('8.4', 1000)} 9 10 11 11.5 ${flat('12.0', 200)}`);
    expect(recogniseSignature(over).kind).toBe('rain-fade');
  });
});

/** What happens to C/N: dB lost at second t, and how long it is watched. */
type Event = Readonly<{ lossDb: (t: number) => number; lengthS: number }>;

const events: Readonly<Record<string, (random: () => number, receiver: Receiver) => Event>> = {
  steady: (random) => ({ lossDb: () => 0, lengthS: 900 + 2000 * random() }),
  // Rises and falls in 2 to 27 minutes, unevenly, by 3 to 14 dB.
  'rain-fade': (random) => {
    const [from, rise, depth, uneven] = [600, 120 + 1500 * random(), 3 + 11 * random(), 0.15 * random()];
    const phase = 2 * Math.PI * random();
    const share = (t: number): number => {
      const x = (t - from) / rise;
      return x < 0 || x > 2 ? 0 : Math.sin((Math.PI * x) / 2) ** 2 * (1 + uneven * Math.sin(t / 40 + phase));
    };
    return { lossDb: (t) => depth * share(t), lengthS: from + rise * (0.9 + 1.3 * random()) };
  },
  // By 2.5 dB and more, and not so much that lock goes.
  pointing: (random, { clearDb, thresholdDb }) => {
    const [at, depth] = [600 + 60 * random(), 2.5 + (clearDb - thresholdDb - 2.6) * random()];
    return { lossDb: (t) => (t >= at ? depth : 0), lengthS: at + 900 + 900 * random() };
  },
  cabling: (random) => {
    const at = 600 + 60 * random();
    return { lossDb: (t) => (t >= at ? 99 : 0), lengthS: at + 200 + 900 * random() };
  },
};

describe('simulated series with noise', () => {
  const runs = 250;
  type Count = Record<'high' | 'low' | 'none', { right: number; wrong: string[] }>;
  const count = (kind: string, everyS: number, known: boolean): Count => {
    const found: Count = {
      high: { right: 0, wrong: [] },
      low: { right: 0, wrong: [] },
      none: { right: 0, wrong: [] },
    };
    for (let seed = 1; seed <= runs; seed += 1) {
      const random = seeded(seed * 31 + everyS);
      const receiver = {
        clearDb: 10 + 5 * random(),
        thresholdDb: 4 + 3 * random(),
        noiseDb: 0.05 + 0.3 * random(),
        everyS,
      };
      const event = events[kind]?.(random, receiver) ?? { lossDb: () => 0, lengthS: 0 };
      const series = seriesOf(receiver, event.lossDb, event.lengthS, random);
      const signature = recogniseSignature(series, known ? { thresholdDb: receiver.thresholdDb } : {});
      const tally = found[signature.certainty];
      if (signature.kind === kind) tally.right += 1;
      else tally.wrong.push(`seed ${seed}: ${signature.kind} ${signature.doubt ?? ''}`);
    }
    return found;
  };
  const kinds = Object.keys(events);

  it.each([5, 10, 30, 60].flatMap((everyS) => [true, false].map((known) => [everyS, known] as const)))(
    'every %d s, threshold known: %s: sure ones are right in 99 of 100, others in 9 of 10',
    (everyS, known) => {
      const counts = kinds.map((kind) => count(kind, everyS, known));
      for (const [certainty, least] of [
        ['high', 0.99],
        ['low', 0.9],
      ] as const) {
        const right = counts.reduce((sum, found) => sum + found[certainty].right, 0);
        const wrong = counts.flatMap((found) => found[certainty].wrong);
        expect(right / Math.max(1, right + wrong.length), wrong.join('\n')).toBeGreaterThanOrEqual(least);
      }
    },
  );

  it.each(kinds)('%s is recognised at readings 10 s apart, in 9 of 10 cases', (kind) => {
    const { high, low, none } = count(kind, 10, true);
    expect(high.right + low.right, none.wrong.join('\n')).toBeGreaterThanOrEqual(runs * 0.9);
  });

  it.each([5, 10, 30, 60])('rain is never taken for a cable or a moved dish: every %d s', (everyS) => {
    const { high, low } = count('rain-fade', everyS, true);
    expect([...high.wrong, ...low.wrong].filter((text) => /cabling|pointing/.test(text))).toEqual([]);
  });
});

describe('recognition', () => {
  const anyReading: fc.Arbitrary<SignalReading> = fc.record({
    time: fc.integer({ min: 0, max: 5000 }),
    locked: fc.boolean(),
    cnDb: fc.option(fc.oneof(fc.double({ min: -5, max: 20 }), fc.constantFrom(12, 12.1)), { nil: undefined }),
  });

  it('stands whatever readings come', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 60 }), (readings) => {
        const { kind, certainty, doubt, evidence } = recogniseSignature(readings, { thresholdDb: 6 });
        expect(Object.keys(signatureTitles)).toContain(kind);
        expect(kind === 'unknown').toBe(doubt !== undefined);
        expect(kind === 'unknown').toBe(certainty === 'none');
        for (const value of Object.values(evidence)) expect(value).not.toBeNaN();
      }),
    );
  });

  it('does not depend on the order in which readings come, nor on how often', () => {
    const series = every10s(`${clear} 11.4 10.8 10.1 9.3 8.8 8.1 7.6 7.2 6.9 x x x`);
    fc.assert(
      fc.property(fc.shuffledSubarray(series, { minLength: series.length }), (shuffled) => {
        expect(recogniseSignature([...shuffled, ...series])).toEqual(recogniseSignature(series));
      }),
    );
  });

  it('has words in both languages for all that it says', () => {
    for (const { zh, en } of [...Object.values(signatureTitles), ...Object.values(doubtTitles)]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toBe('');
    }
  });
});
