import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import { encodeMinutes } from '@tongtang/lessons/delivery/runs';
import { expect, it } from 'vitest';
import { linksSince } from './links-since.ts';

const timezone = 'Asia/Shanghai';
const at = (clock: string, day = 7): number => Date.parse(`2026-09-0${day}T${clock}:00+08:00`) / 1000;

/** A day whose minutes are of each state until the next time. */
function dayOf(...runs: readonly (readonly [until: number, state: MinuteState])[]): Uint8Array {
  const broadband = runs.flatMap(([until, state], index) =>
    new Array<MinuteState>(until - (runs[index - 1]?.[0] ?? 0)).fill(state),
  );
  const machine = new Array<MinuteState>(1440).fill('good');
  return encodeMinutes({ machine, links: new Map([['broadband', broadband]]) });
}

function since(days: Readonly<Record<string, Uint8Array>>, settledTo: number, now: number) {
  const store = {
    settledTo: () => settledTo,
    agentDay: (_county: string, day: string, agent: string) => {
      const minutes = days[day];
      return minutes === undefined
        ? undefined
        : {
            agent,
            kind: 'classroom' as const,
            school: 's',
            classroom: 'c',
            minutes,
            revision: 1,
            fingerprint: '',
          };
    },
  };
  return linksSince(store, { county: 'q', agent: 'a' }, timezone, now).get('broadband');
}

it('a link is what it was since the minute in which it became that', () => {
  const today = dayOf([500, 'good'], [560, 'down'], [1440, 'unknown']);
  expect(since({ '2026-09-07': today }, at('09:20'), at('09:25'))).toEqual({
    state: 'down',
    since: at('08:20'),
  });
});

it('it may have been that since a day before', () => {
  const yesterday = dayOf([1200, 'good'], [1440, 'degraded']);
  const today = dayOf([600, 'degraded'], [1440, 'unknown']);
  expect(since({ '2026-09-06': yesterday, '2026-09-07': today }, at('10:00'), at('10:05'))).toEqual({
    state: 'degraded',
    since: at('20:00', 6),
  });
});

it('nothing is said of what is not known, or was settled long ago', () => {
  const today = dayOf([500, 'good'], [1440, 'unknown']);
  expect(since({ '2026-09-07': today }, at('09:20'), at('09:25'))).toBeUndefined();
  expect(since({ '2026-09-07': today }, at('08:20'), at('09:25'))).toBeUndefined();
  expect(since({}, at('08:20'), at('08:25'))).toBeUndefined();
});
