import type { LinkSample } from '@tongtang/model/link-evidence';
import fc from 'fast-check';
import type { MinutesInput } from './link-minutes.ts';
import type { Heard } from './machine-minutes.ts';
import type { MinuteState } from './minute-state.ts';

/** A full minute of the tests' past. */
export const base = 1_767_600_000;

/** What a classroom's PC and its links are for some minutes. */
export type Spell = Readonly<{
  minutes: number;
  pc: 'on' | 'off' | 'asleep' | 'silent';
  line: 'good' | 'lossy' | 'slow' | 'down';
  lan: 'good' | 'down';
  satellite: 'good' | 'low' | 'unlocked' | 'unread';
}>;

export const fine = { pc: 'on', line: 'good', lan: 'good', satellite: 'good' } as const;

/** What an agent measures and says of a course of spells, beginning at {@link base}. */
export function play(spells: readonly Spell[]): { samples: LinkSample[]; heard: Heard[]; to: number } {
  const samples: LinkSample[] = [];
  const heard: Heard[] = [];
  let from = base;
  let before: Spell['pc'] = 'silent';
  let pauseFrom = base;
  for (const spell of spells) {
    const to = from + spell.minutes * 60;
    if (spell.pc === 'on') {
      if (before !== 'on') heard.push({ time: from + 2, state: 'online' });
      for (let time = from; time < to; time += 10) samples.push(...measured(spell, time));
      if (before === 'asleep')
        samples.push({
          measurement: 'agent',
          tags: {},
          time: from + 1,
          fields: { slept_s: from - pauseFrom },
        });
    } else {
      if (before === 'on') pauseFrom = from;
      if (before === 'on' && spell.pc !== 'silent')
        heard.push({ time: from - 3, state: spell.pc === 'off' ? 'stopping' : 'asleep' });
    }
    // What follows a pause without a word is the same pause.
    if (spell.pc === 'on' || before === 'on') before = spell.pc;
    from = to;
  }
  return { samples, heard, to: from };
}

function measured({ line, lan, satellite }: Spell, time: number): LinkSample[] {
  const out = lan === 'down' ? 'down' : line;
  const failed = { ok: false, failure: 'path', sent: 10, received: 0 } as const;
  const lossy = out === 'lossy';
  const samples: LinkSample[] = [
    {
      measurement: 'ping',
      tags: { link: 'lan', target: 'gateway' },
      time: time + 1,
      fields: lan === 'down' ? failed : { ok: true, sent: 4, received: 4, rtt_ms: 1 },
    },
    {
      measurement: 'stamp',
      tags: { link: 'broadband', target: 'hub' },
      time: time + 2,
      fields:
        out === 'down'
          ? failed
          : { ok: true, sent: 10, received: lossy ? 9 : 10, rtt_ms: out === 'slow' ? 600 : 30, jitter_ms: 1 },
    },
  ];
  if (time % 30 === 0)
    samples.push({
      measurement: 'signal',
      tags: { link: 'satellite', target: 'ird' },
      time: time + 3,
      fields:
        satellite === 'unread'
          ? { ok: false, failure: 'path' }
          : { ok: true, locked: satellite !== 'unlocked', margin_db: satellite === 'low' ? 2 : 6 },
    });
  if (time % 300 === 60)
    samples.push({
      measurement: 'lesson_files',
      tags: {},
      time: time + 5,
      fields: { readable: true, entries: time % 900 === 60 ? 0 : 12 },
    });
  if (time % 300 === 120)
    samples.push({
      measurement: 'http',
      tags: { link: 'platform', target: 'national' },
      time: time + 4,
      fields: out === 'down' ? { ok: false, failure: 'resolver' } : { ok: true, rtt_ms: 30 },
    });
  return samples;
}

export function inputOf(
  { samples, heard, to }: ReturnType<typeof play>,
  more: Partial<MinutesInput> = {},
): MinutesInput {
  return {
    from: base,
    to,
    samples,
    heard,
    sleeps: [],
    aways: [],
    before: 'unknown',
    freshS: (measurement) => (measurement === 'http' ? 900 : 150),
    ...more,
  };
}

/** `good 3, down 2` */
export function told(minutes: readonly MinuteState[] | undefined): string {
  const runs: [MinuteState, number][] = [];
  for (const state of minutes ?? []) {
    const last = runs.at(-1);
    if (last?.[0] === state) last[1] += 1;
    else runs.push([state, 1]);
  }
  return runs.map(([state, count]) => `${state} ${count}`).join(', ');
}

export const anySpell: fc.Arbitrary<Spell> = fc.record({
  minutes: fc.integer({ min: 1, max: 25 }),
  pc: fc.constantFrom('on', 'on', 'on', 'off', 'asleep', 'silent'),
  line: fc.constantFrom('good', 'lossy', 'slow', 'down'),
  lan: fc.constantFrom('good', 'good', 'down'),
  satellite: fc.constantFrom('good', 'low', 'unlocked', 'unread'),
});
export const anyCourse = fc.array(anySpell, { minLength: 1, maxLength: 10 });
