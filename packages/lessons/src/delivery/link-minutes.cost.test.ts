import type { LinkKind } from '@tongtang/model/link';
import type { LinkSample } from '@tongtang/model/link-evidence';
import { describe, expect, it } from 'vitest';
import { linkMinutes, marginS } from './link-minutes.ts';
import { base, inputOf } from './world.fixture.ts';

/** Half an hour, and what has to be known around it. */
const lengthS = 1800;
const [from, to] = [base - marginS, base + lengthS + marginS];

type Fields = LinkSample['fields'];
const failed: Fields = { ok: false, failure: 'path', sent: 10, received: 0 };
const slow: Fields = { ok: true, sent: 10, received: 10, rtt_ms: 900 };

type Probes = Readonly<{
  link: LinkKind;
  /** Each asks another target. */
  count: number;
  everyS: number;
  fields: (run: number) => Fields;
}>;

function measuredBy({ link, count, everyS, fields }: Probes): LinkSample[] {
  return Array.from({ length: count }, (_, probe) => {
    const tags = { link, target: `${count}-${probe}` };
    const runs = Math.ceil((to - from) / everyS);
    return Array.from({ length: runs }, (_, run) => ({
      measurement: 'stamp',
      tags,
      time: from + (probe % everyS) + run * everyS,
      fields: { ...fields(run) },
    }));
  }).flat();
}

/** As an honest agent measures, in as many samples: fifty probes of one interval, which all fail. */
function honestOf(samples: number): LinkSample[] {
  const everyS = Math.round((50 * (to - from)) / samples);
  const links = ['lan', 'broadband', 'satellite', 'stream', 'platform'] as const;
  return links.flatMap((link) => measuredBy({ link, count: 10, everyS, fields: () => failed }));
}

const minutesOf = (samples: readonly LinkSample[]) =>
  linkMinutes(inputOf({ samples: [...samples], heard: [], to: base + lengthS })).links;

/** Processor time of the cheapest of some tries, ms: what others do on the machine has no part in it. */
function costMs(work: () => void): number {
  const tries = Array.from({ length: 3 }, () => {
    const start = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...tries);
}

/** All that an agent may have: a thousand series, times in whole seconds, and 22 samples a second of what is weighed at once. */
const shapes: readonly (readonly [string, readonly Probes[]])[] = [
  [
    'a thousand probes that fail, one of them each second',
    [
      { link: 'broadband', count: 999, everyS: 90, fields: () => failed },
      { link: 'broadband', count: 1, everyS: 1, fields: () => failed },
    ],
  ],
  [
    'five hundred gateways that are silent, and as many targets behind them that answer now and then',
    [
      { link: 'lan', count: 498, everyS: 90, fields: () => failed },
      { link: 'broadband', count: 500, everyS: 45, fields: (run) => (run % 2 === 0 ? slow : failed) },
      { link: 'lan', count: 1, everyS: 1, fields: () => failed },
    ],
  ],
];

describe('the minutes of a stolen or broken agent', () => {
  it.each(shapes)(
    'cost what as many samples of an honest one cost, not many times as much: %s',
    (_, probes) => {
      const samples = probes.flatMap(measuredBy);
      const honest = honestOf(samples.length);
      const honestMs = costMs(() => minutesOf(honest));
      // As much, or twice as much; where each round went through all probes, ten times and more.
      expect(costMs(() => minutesOf(samples))).toBeLessThan(6 * honestMs);
    },
  );

  it('take no more looks at a sample for each further run of another probe', () => {
    let looks = 0;
    const counted = (): Fields => ({
      ...failed,
      get ok() {
        looks += 1;
        return false;
      },
    });
    const each = { link: 'broadband', count: 300, everyS: 60 } as const;
    const often = { link: 'broadband', count: 1, everyS: 1, fields: () => failed } as const;
    const alone = measuredBy({ ...each, fields: () => failed }).map((sample) => ({
      ...sample,
      fields: counted(),
    }));
    minutesOf(alone);
    const looksAlone = looks;
    looks = 0;
    minutesOf([...alone, ...measuredBy(often)]);
    expect(looks).toBe(looksAlone);
    expect(looks / alone.length).toBeLessThan(20);
  });

  it('are those that its probes found, however many they are', () => {
    const links = minutesOf([
      ...measuredBy({ link: 'broadband', count: 999, everyS: 90, fields: () => failed }),
      ...measuredBy({ link: 'satellite', count: 1, everyS: 10, fields: () => ({ ok: true }) }),
    ]);
    expect(new Set(links.get('broadband'))).toEqual(new Set(['down']));
    expect(new Set(links.get('satellite'))).toEqual(new Set(['good']));
  });
});
