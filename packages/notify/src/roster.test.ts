import { describe, expect, it } from 'vitest';
import { wallTime } from './day-time.ts';
import { onDuty, type Roster } from './roster.ts';

const roster: Roster = {
  turns: { from: '2026-08-31', days: 7, who: ['zhang', 'li', 'wang'] },
  shifts: [{ days: ['sat', 'sun'], from: '08:00', to: '20:00', who: ['zhao'] }],
  except: [{ first: '2026-10-01', last: '2026-10-07', who: ['zhao', 'li'] }],
};
const on = (text: string) => onDuty(roster, wallTime(Date.parse(`${text}:00+08:00`) / 1000, 'Asia/Shanghai'));

describe('who is on duty', () => {
  it.each([
    ['the first in the first week', '2026-09-01T10:00', ['zhang']],
    ['the next from Monday’s midnight on', '2026-09-07T00:00', ['li']],
    ['the last', '2026-09-18T12:00', ['wang']],
    ['the first again after all', '2026-09-21T00:00', ['zhang']],
    ['whoever has the shift', '2026-09-05T09:00', ['zhao']],
    ['the turn again when the shift is over', '2026-09-05T20:00', ['zhang']],
    ['those of an exception, its last day included', '2026-10-07T23:59', ['zhao', 'li']],
    ['nobody before turns begin', '2026-08-30T23:59', []],
  ])('is %s', (_, moment, who) => {
    expect(on(moment)).toEqual(who);
  });
});
