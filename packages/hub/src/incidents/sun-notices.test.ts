import { buildInventory } from '@tongtang/model/inventory';
import { Notice } from '@tongtang/model/notice';
import { validate } from '@tongtang/runtime/validation';
import { describe, expect, it } from 'vitest';
import { LessonBook } from './lesson-book.ts';
import { sunNotices } from './sun-notices.ts';

const built = buildInventory({
  county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  satellite: { id: 'sat', longitudeDeg: 130, downlinkGHz: 12.5, dishDiameterM: 1.2 },
  schools: ['no1', 'no2'].map((id) => ({ id, name: { en: id }, mode: 'live' as const, classes: 1 })),
  periods: [{ n: 1, start: '13:00', end: '13:40' }],
});
if ('problems' in built) throw new Error(built.problems.join());
const { inventory } = built;
const book = new LessonBook(inventory, undefined);

const dayS = 86_400;
/** Thursday, 13:20 in Shanghai. */
const thursday = Date.UTC(2026, 9, 1, 5, 20) / 1000;
/** Thursday to Saturday, some seconds later at the second school. */
const outages = new Map(
  ['no1', 'no2'].map((id, index) => [
    id,
    [0, 1, 2].map((day) => {
      const begin = thursday + day * dayS + index * 60;
      return { begin, end: begin + 600 };
    }),
  ]),
);
const notices = (now: number) => sunNotices({ inventory, book }, outages, now);

describe('a county', () => {
  it('is told of a season of sun outages a week before', () => {
    expect(notices(thursday - 8 * dayS)).toEqual([]);
    const [season, ...others] = notices(thursday - 6 * dayS);
    expect(others).toEqual([]);
    expect(validate(Notice, season)).toEqual({ ok: true, value: season });
    expect(season).toMatchObject({
      incident: 'sun-qilian-20261001s',
      severity: 'info',
      what: { zh: '日凌季 2026-10-01 至 2026-10-03，首日 13:20–13:31，天网每天短时中断' },
      lessons: [],
    });
    // The same for whoever asks again.
    expect(notices(thursday - 5 * dayS).map(({ incident, step }) => [incident, step])).toEqual([
      ['sun-qilian-20261001s', 1],
    ]);
  });

  it('is told of each day on which a lesson is hit the day before, and which', () => {
    expect(notices(thursday - 3600)).toMatchObject([
      {
        incident: 'sun-qilian-20261001',
        what: { zh: '2026-10-01 日凌 13:20–13:31，天网将短时中断' },
        lessons: [{ school: { id: 'no1' } }, { school: { id: 'no2' } }],
      },
    ]);
    expect(notices(thursday + 3600).map(({ incident }) => incident)).toEqual(['sun-qilian-20261002']);
    // On Saturday there are no lessons.
    expect(notices(thursday + dayS + 3600)).toEqual([]);
  });

  it('is told of nothing where the Sun never is behind the satellite', () => {
    expect(sunNotices({ inventory, book }, new Map([['no1', []]]), thursday)).toEqual([]);
  });
});
