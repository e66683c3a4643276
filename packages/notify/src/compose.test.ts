import { type Notice, severities } from '@tongtang/model/notice';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from './channel.ts';
import { type Composing, composeNext } from './compose.ts';
import { bytesOf } from './fit.ts';
import { type Fold, foldByIncident, type Waiting } from './fold.ts';
import { lessonIn, noticeOf, resolvedAfter, tuesday1002 } from './notice.fixture.ts';

const zh: Composing = {
  language: 'zh',
  now: tuesday1002 + 20,
  textBytes: 2048,
  console: 'https://tongtang.example',
  callFor: [],
};
const en: Composing = { ...zh, language: 'en' };

function waits(notice: Notice, marks: Partial<Waiting> = {}): Waiting {
  return { id: notice.step, route: 'all', notice, heard: false, again: false, alone: false, ...marks };
}
function folded(...waiting: Waiting[]): [Fold, ...Fold[]] {
  const [first, ...others] = foldByIncident(waiting);
  if (first === undefined) throw new Error('nothing waits');
  return [first, ...others];
}
const text = (composing: Composing, ...waiting: Waiting[]) =>
  textOf(composeNext(folded(...waiting), composing).message).split('\n');

describe('a message', () => {
  const lessons = [lessonIn(1080), lessonIn(4800, { zh: '语文', en: 'Chinese' })];

  it('says which class loses which lesson, what broke, since when, what to check first, and where to read on', () => {
    expect(text(zh, waits(noticeOf({ lessons })))).toEqual([
      '【同堂】祁连县八宝小学 天网中断，影响 2 节课',
      '受影响：三(2)班 10:20 数学；三(2)班 11:22 语文',
      '原因：接收机失锁，其他学校正常',
      '开始：10:02（实测）',
      '先查：1. 高频头供电 2. 馈线接头',
      '编号：i-7（警告）',
      'https://tongtang.example/schools/qilian/babao',
    ]);
    expect(text(en, waits(noticeOf({ lessons })))).toEqual([
      '[Tongtang] Babao Primary, Qilian: satellite link down, 2 lessons hit',
      'Lessons: Class 3-2 10:20 Maths; Class 3-2 11:22 Chinese',
      'Cause: the receiver lost lock; other schools are fine',
      'Since 10:02 (measured)',
      'Check first: 1. LNB power 2. cable and plugs',
      'Incident i-7 (warning)',
      'https://tongtang.example/schools/qilian/babao',
    ]);
  });

  it('says that something is only concluded, and names the date where it is not today’s', () => {
    const lines = text({ ...zh, now: tuesday1002 + 86_400 }, waits(noticeOf({ evidence: 'heard' })));
    expect(lines).toContain('开始：09-01 10:02（推断）');
  });

  it('names each school where more than one is hit', () => {
    const { school: _, ...wide } = noticeOf({ lessons });
    expect(text(zh, waits(wide))[1]).toBe('受影响：八宝小学 三(2)班 10:20 数学；八宝小学 三(2)班 11:22 语文');
    expect(text(zh, waits(wide))[0]).toBe('【同堂】祁连县县城片区 天网中断，影响 2 节课');
  });

  it('names six lessons, and says how many there are', () => {
    const many = Array.from({ length: 9 }, (_, index) => lessonIn(index * 60));
    expect(text(zh, waits(noticeOf({ lessons: many })))[1]).toMatch(/( 数学；.*){5} 数学 等共 9 节$/);
  });

  it('says that it is over', () => {
    expect(text(zh, waits(resolvedAfter(720), { heard: true }))).toEqual([
      '【同堂】祁连县八宝小学 天网中断：已恢复',
      '原因：接收机失锁，其他学校正常',
      '10:02 至 10:14 中断，共 12 分钟',
      '编号：i-7（警告）',
      'https://tongtang.example/schools/qilian/babao',
    ]);
  });

  it('says of checks before lessons when they found what, and what its number is of', () => {
    const check = { incident: 'ready-0901-2-qilian-babao', about: 'check' } as const;
    const what = { zh: '课前检查未通过', en: 'not ready for lessons' };
    const over = waits(resolvedAfter(600, { ...check, what, cause: { zh: '', en: '' } }), { heard: true });
    expect(text(en, over)).toEqual([
      '[Tongtang] Babao Primary, Qilian: not ready for lessons: restored',
      'Not so since 10:02, fine when checked at 10:12',
      'Check ready-0901-2-qilian-babao (warning)',
      'https://tongtang.example/schools/qilian/babao',
    ]);
    expect(text(zh, over)).toContain('10:02 起有问题，10:12 检查时已正常');
    expect(text(en, waits(noticeOf({ about: 'forecast', incident: 'sun-qilian-20260901' })))).toContain(
      'Forecast sun-qilian-20260901 (warning)',
    );
  });

  it('says how long it was in whole minutes, as pages do', () => {
    expect(text(zh, waits(resolvedAfter(290), { heard: true }))).toContain('10:02 至 10:06 中断，共 4 分钟');
  });

  it('says in one what came and went while nobody could be told', () => {
    const both = [waits(noticeOf()), waits(resolvedAfter(720))];
    expect(text(zh, ...both)[0]).toBe('【同堂】祁连县八宝小学 天网中断：10:02 至 10:14 中断，已恢复');
    expect(text(en, ...both)[0]).toBe(
      '[Tongtang] Babao Primary, Qilian: satellite link down: was down 10:02 to 10:14',
    );
  });

  it('says only the newest of what changed meanwhile, and whether it is news to the channel', () => {
    const change = noticeOf({
      step: 2,
      kind: 'updated',
      cause: { zh: '高频头断电', en: 'LNB without power' },
    });
    expect(text(zh, waits(noticeOf()), waits(change)).slice(0, 2)).toEqual([
      '【同堂】祁连县八宝小学 天网中断',
      '原因：高频头断电',
    ]);
    expect(text(zh, waits(change, { heard: true }))[0]).toBe('【同堂】祁连县八宝小学 天网中断（更新）');
  });

  it('says that what was over is there again', () => {
    const again = noticeOf({ step: 3 });
    expect(text(zh, waits(again, { heard: true }))[0]).toBe('【同堂】祁连县八宝小学 天网中断');
    const end = resolvedAfter(720, { step: 4 });
    expect(text(zh, waits(again, { heard: true }), waits(end, { heard: true }))[0]).toContain(
      '10:02 至 10:14 中断',
    );
  });

  it('says that it may have arrived before', () => {
    expect(text(zh, waits(noticeOf(), { again: true }))).toContain('（程序重启后重发，可能已收到过）');
  });

  it('is not led astray by what stands in a name', () => {
    const name = { zh: '八宝\n@所有人', en: 'Babao\n@all' };
    expect(text(zh, waits(noticeOf({ school: { id: 'babao', name } })))[0]).toBe(
      '【同堂】祁连县八宝 @所有人 天网中断',
    );
  });

  it('has the same id when it is sent again', () => {
    const id = (...waiting: Waiting[]) => composeNext(folded(...waiting), zh).message.id;
    expect(id(waits(noticeOf()))).toBe(id(waits(noticeOf(), { again: true, id: 9 })));
    expect(id(waits(noticeOf()))).not.toBe(id(waits(noticeOf({ step: 2 }))));
  });
});

describe('a digest', () => {
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => waits(noticeOf({ incident: `i-${index}` }), { id: index }));

  it('begins with four: up to three go one by one', () => {
    expect(composeNext(folded(...numbered(3)), zh).spoken).toHaveLength(1);
    expect(composeNext(folded(...numbered(4)), zh).spoken).toHaveLength(4);
  });

  it('has a line for each, what is about a lesson first, and links to the console', () => {
    const waiting = [
      ...numbered(2),
      waits(noticeOf({ incident: 'i-8', severity: 'critical' })),
      waits(noticeOf({ incident: 'i-9', lessons: [lessonIn(60)] })),
      waits(noticeOf({ incident: 'i-5' })),
      waits(resolvedAfter(720, { incident: 'i-5' })),
    ];
    expect(text(zh, ...waiting)).toEqual([
      '【同堂】4 起新故障，1 起已恢复',
      '• 祁连县八宝小学 天网中断，影响 1 节课，10:02 起（i-9）',
      '• 祁连县八宝小学 天网中断，10:02 起（i-8）',
      '• 祁连县八宝小学 天网中断，10:02 起（i-0）',
      '• 祁连县八宝小学 天网中断，10:02 起（i-1）',
      '• 祁连县八宝小学 天网中断：10:02 至 10:14 中断，已恢复（i-5）',
      'https://tongtang.example/',
    ]);
    expect(text(en, ...waiting)[0]).toBe('[Tongtang] 4 new, 1 over');
  });

  it('leaves out whoever must go alone', () => {
    const waiting = [...numbered(6), waits(noticeOf({ incident: 'i-9' }), { alone: true })];
    const { spoken } = composeNext(folded(...waiting), zh);
    expect(spoken.map(({ notice }) => notice.incident)).toEqual(['i-9']);
  });

  it('loses nothing, says nothing twice, and keeps to the size, whatever waits', () => {
    const notices = fc.array(
      fc.record({
        incident: fc.integer({ min: 1, max: 60 }).map((number) => `i-${number}`),
        step: fc.integer({ min: 1, max: 4 }),
        kind: fc.constantFrom('opened' as const, 'updated' as const, 'resolved' as const),
        severity: fc.constantFrom(...severities),
        what: fc.string({ unit: 'grapheme', maxLength: 400 }).map((what) => ({ zh: what, en: what })),
        lessons: fc.constantFrom(
          [],
          [lessonIn(60)],
          Array.from({ length: 200 }, () => lessonIn(0)),
        ),
        heard: fc.boolean(),
      }),
      { minLength: 1, maxLength: 120 },
    );
    fc.assert(
      fc.property(
        notices,
        fc.constantFrom(2048, 4000, 20_000),
        fc.constantFrom(zh, en),
        (each, textBytes, as) => {
          const waiting = each.map(({ heard, ...change }, id) => waits(noticeOf(change), { id, heard }));
          const said: number[] = [];
          let left = waiting;
          while (left.length > 0) {
            const { message, spoken } = composeNext(folded(...left), { ...as, textBytes });
            expect(bytesOf(textOf(message))).toBeLessThanOrEqual(textBytes);
            expect(textOf(message).endsWith(message.link)).toBe(true);
            const ids = spoken.flatMap(({ waiting }) => waiting.map(({ id }) => id));
            expect(ids.length).toBeGreaterThan(0);
            expect(message.notices).toHaveLength(ids.length);
            for (const { notice } of spoken)
              if (spoken.length > 1) expect(message.body).toContain(notice.incident);
            said.push(...ids);
            left = left.filter(({ id }) => !ids.includes(id));
          }
          expect(said.toSorted((a, b) => a - b)).toEqual(waiting.map(({ id }) => id));
        },
      ),
      { numRuns: 40 },
    );
  });
});
