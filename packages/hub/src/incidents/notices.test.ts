import { buildInventory } from '@tongtang/model/inventory';
import { Notice } from '@tongtang/model/notice';
import { validate } from '@tongtang/runtime/validation';
import { describe, expect, it } from 'vitest';
import { noticeOf } from './notices.ts';
import { brokenAt, lessonIn, recordOf } from './record.fixture.ts';

const built = buildInventory({
  county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  clusters: [{ id: 'town', name: { zh: '县城片区' } }],
  schools: [
    { id: 'no1', name: { zh: '一小', en: 'No. 1' }, cluster: 'town', classes: 1 },
    { id: 'no2', name: { zh: '二小' }, classes: 1 },
  ],
});
if ('problems' in built) throw new Error(built.problems.join());
const { inventory } = built;

describe('a notice', () => {
  it('says where, what, why and which lessons, by the names of the inventory', () => {
    const lessons = [
      lessonIn(-3000, { subject: '语文' }),
      lessonIn(0, { subject: '数学' }),
      lessonIn(7300, { subject: '英语' }),
    ];
    const notice = noticeOf(
      recordOf({ lessons, severity: 'critical' }),
      'opened',
      1,
      brokenAt + 20,
      inventory,
    );
    expect(validate(Notice, notice)).toEqual({ ok: true, value: notice });
    expect(notice).toMatchObject({
      incident: 'tkl2y0-no1',
      severity: 'critical',
      county: { name: { zh: '祁连县' } },
      cluster: { id: 'town', name: { zh: '县城片区' } },
      school: { id: 'no1', name: { en: 'No. 1' } },
      what: { zh: '地网异常' },
      cause: { zh: '学校线路中断', en: "the school's line is cut" },
      lessons: [{ class: { id: 'c1', name: { zh: '网班 1' } }, subject: { zh: '数学' } }],
      since: brokenAt,
      at: brokenAt + 20,
      evidence: 'measured',
      page: '/incidents/tkl2y0-no1',
    });
    expect(notice.checks).toHaveLength(3);
    expect(notice.until).toBeUndefined();
  });

  it('says how sure it is, and which room', () => {
    const [evidence] = recordOf().evidence;
    const place = {
      node: 'classroom',
      county: 'qilian',
      school: 'no1',
      classroom: 'c1',
      agent: 'a1',
    } as const;
    const silent = evidence === undefined ? [] : [{ ...evidence, condition: 'silent' } as const];
    const record = recordOf({ place, cause: 'power-lost', confidence: 'low', evidence: silent });
    expect(noticeOf(record, 'opened', 1, brokenAt, inventory)).toMatchObject({
      what: { zh: '网班 1 教室电脑异常' },
      cause: { zh: '断电（不确定）', en: 'power (not certain)' },
      evidence: 'heard',
    });
  });

  it('names no school and no cluster where it is about more than one', () => {
    const evidence = ['no1', 'no2'].map(
      (school) =>
        ({ condition: 'hub-lost', school, classroom: 'c1', agent: school, from: brokenAt }) as const,
    );
    const record = recordOf({ place: { node: 'broadband', county: 'qilian' }, evidence });
    const notice = noticeOf(record, 'opened', 1, brokenAt, inventory);
    expect([notice.school, notice.cluster]).toEqual([undefined, undefined]);
  });

  it('says until when it lasted, and calls what is gone from the inventory by its id', () => {
    const place = { node: 'broadband', county: 'qilian', school: 'gone' } as const;
    const record = recordOf({ place, to: brokenAt + 600, state: 'resolved' });
    const notice = noticeOf(record, 'resolved', 2, brokenAt + 600, inventory);
    expect(notice).toMatchObject({ until: brokenAt + 600, school: { id: 'gone', name: { zh: 'gone' } } });
    expect(validate(Notice, notice).ok).toBe(true);
  });
});
