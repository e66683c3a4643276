import { type MinuteState, minuteStates } from '@tongtang/lessons/delivery/minute-state';
import type { Incident } from '@tongtang/model/incident';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../figures.ts';
import { periodBefore } from '../period.ts';
import type { Report } from '../report.ts';
import { begun, clock, cut, dayOf, each, reportOf, type Told, troubled, week } from '../term.fixture.ts';
import { addedUp, shareOf } from './accounts.fixture.ts';
import type { Evidence, Reread } from './evidence.ts';
import { explain } from './explain.ts';
import { howOf } from './how.ts';
import { headTold, Teller, totalTold } from './told.ts';

const before = periodBefore(week, []);

/** The report of the week, and a way to ask what is behind its figures. */
async function explained(told: Told = troubled, incidents: readonly Incident[] = [cut]) {
  const report = await reportOf({ incidents }, told);
  const rereading = (period: typeof week, minutes: Told, those: readonly Incident[]): Reread =>
    async function* ({ school, date }) {
      for await (const day of each(period, (one) => dayOf(one, minutes, those)))
        if (date === undefined || day.date === date)
          yield {
            ...day,
            schools: day.schools.filter((one) => school === undefined || one.school === school),
          };
    };
  const parts = {
    report,
    days: rereading(week, told, incidents),
    daysBefore: rereading(before, () => undefined, []),
  };
  return { report, behind: (reference: string) => Array.fromAsync(explain(reference, parts)) };
}

describe('what is behind the figures of a report', () => {
  it('is the lessons and minutes that they count, in runs that say why', async () => {
    const { behind } = await explained();
    const pieces = await behind('availability/class/hb3z/c1');
    expect(pieces).toHaveLength(15);
    expect(pieces[0]).toMatchObject({
      kind: 'lesson',
      lesson: { date: '2026-11-23', period: 1, state: 'degraded' },
      runs: [
        {
          from: clock('2026-11-23', '08:30'),
          to: clock('2026-11-23', '08:50'),
          state: 'down',
          why: ['broadband'],
          cause: 'line-cut',
          incident: 'q7x2',
        },
        { to: clock('2026-11-23', '09:10'), state: 'good', why: [] },
      ],
      adds: { part: 20, of: 40 },
    });
  });

  it('of what an incident took, is the minutes of that incident and no others', async () => {
    const later = {
      ...cut,
      id: 'z',
      cause: 'provider-outage' as const,
      from: clock('2026-11-23', '08:50'),
      to: clock('2026-11-23', '08:55'),
    };
    const told: Told = (date, school, _, period) =>
      date === '2026-11-23' && school === 'hb3z' && period === 1 ? begun('down', 30) : undefined;
    const { behind } = await explained(told, [cut, later]);
    const taken = (pieces: readonly Evidence[]): unknown[] =>
      pieces.map((piece) =>
        piece.kind === 'lesson' ? piece.runs.map(({ from, to }) => (to - from) / 60) : piece.kind,
      );
    expect(taken(await behind('lost-minutes/incident/q7x2'))).toEqual([[20], [20]]);
    expect(taken(await behind('lost-minutes/incident/z'))).toEqual([[5], [5]]);
    expect(taken(await behind('lost-minutes/responsibility/provider'))).toEqual([
      [20, 5],
      [20, 5],
    ]);
    expect(taken(await behind('lost-minutes/cause/unknown'))).toEqual([[5], [5]]);
    expect(taken(await behind('lost-minutes/all'))).toEqual([
      [20, 5, 5],
      [20, 5, 5],
    ]);
  });

  it('is the schools and classes that a rate was counted of, and those that could not be judged', async () => {
    const { behind } = await explained();
    expect(await behind('classes-served/all')).toMatchObject([
      { kind: 'place', name: { en: '海北三中 Class 1' }, adds: { part: 0, of: 1 } },
      { kind: 'place', adds: { part: 0, of: 1 } },
      { kind: 'place', adds: { part: 0, of: 1 } },
    ]);
    expect(await behind('schools-not-judged/all')).toMatchObject([
      { name: { en: 'Babao' }, adds: { part: 1 } },
    ]);
  });

  it('is the figures that it is made of, which can be asked for in their turn', async () => {
    const { behind, report } = await explained();
    const known = new Set(figuresOf(report).map(({ reference }) => reference));
    for (const reference of ['trend/all', 'trend/school/babao', 'budget/all', 'budget-left-share/all']) {
      const pieces = await behind(reference);
      expect(pieces).toHaveLength(2);
      for (const piece of pieces)
        expect(piece.kind === 'figure' && known.has(piece.figure.reference)).toBe(true);
    }
  });

  it('a name that no figure has is refused', async () => {
    const { behind } = await explained();
    expect(() => behind('availability/class/babao/c9')).toThrow('no figure availability/class/babao/c9');
  });
});

/** Every figure against what a reader adds up by hand. */
async function expectAccounted(report: Report, behind: (reference: string) => Promise<Evidence[]>) {
  for (const figure of figuresOf(report)) {
    const pieces = await behind(figure.reference);
    expect([figure.reference, addedUp(figure, pieces)]).toEqual([figure.reference, shareOf(figure)]);
    const sum = { part: 0, of: 0 };
    for (const { adds } of pieces) {
      sum.part += adds.part;
      sum.of += adds.of;
    }
    // What the pieces say that they add is the same as what their minutes are.
    const isMade = pieces.some(({ kind }) => kind === 'figure') && sum.of === 0;
    if (!isMade)
      expect([figure.reference, sum.part, figure.value.kind === 'count' ? 1 : sum.of]).toEqual([
        figure.reference,
        ...Object.values(shareOf(figure)),
      ]);
  }
}

describe('added up by hand, what is listed is the figure', () => {
  it('for every figure of a report', async () => {
    const { report, behind } = await explained();
    expect(figuresOf(report).length).toBeGreaterThan(150);
    await expectAccounted(report, behind);
  });

  it('whatever minutes there were, and whatever took them', { timeout: 120_000 }, async () => {
    const states = fc.constantFrom(...minuteStates);
    const lesson = fc.array(fc.tuple(states, fc.integer({ min: 1, max: 40 })), { maxLength: 3 });
    const incident = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c/d'),
        cause: fc.constantFrom('line-cut' as const, 'provider-outage' as const, 'rain-fade' as const),
        school: fc.constantFrom('hb3z', 'babao'),
        from: fc.integer({ min: 0, max: 5 * 1440 }),
        minutes: fc.integer({ min: 1, max: 600 }),
      })
      .map(({ id, cause, school, from: at, minutes }): Incident => {
        const from = clock(week.from, '00:00') + at * 60;
        return { ...cut, id, cause, place: { ...cut.place, school }, from, to: from + minutes * 60 };
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(lesson, { minLength: 1, maxLength: 20 }),
        fc.uniqueArray(incident, { selector: ({ id }) => id, maxLength: 3 }),
        async (lessons, incidents) => {
          const told: Told = (date, school, of, period) => {
            const seed = Number(date.slice(8)) * 7 + school.length + of.length + period;
            const minutes = (lessons[seed % lessons.length] ?? []).flatMap(([state, count]) =>
              Array.from({ length: count }, (): MinuteState => state),
            );
            return minutes.length < 40 ? undefined : minutes.slice(0, 40);
          };
          const { report, behind } = await explained(told, incidents);
          await expectAccounted(report, behind);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('told to people', () => {
  it('in their language: the figure, how it is found, each piece with its minutes, and all of it', async () => {
    const { report, behind } = await explained();
    const figure = figuresOf(report).find(({ reference }) => reference === 'availability/class/hb3z/c1');
    const [piece] = await behind('availability/class/hb3z/c1');
    if (figure === undefined || piece?.kind !== 'lesson') throw new Error('nothing to tell');
    expect(headTold(figure, 'en').slice(0, 2)).toEqual([
      'availability/class/hb3z/c1',
      'Classes · 海北三中 Class 1 · availability % = 96.66 (580/600)',
    ]);
    expect(headTold(figure, 'zh')[1]).toBe('班级 · 海北三中 网班 1 · 可用率 % = 96.66 (580/600)');
    const [en, zh] = [new Teller(report, 'en'), new Teller(report, 'zh')];
    expect(en.line(piece)).toBe(
      '2026-11-23  08:30–09:10  period 1  海北三中 Class 1  live  degraded  adds 20/40',
    );
    expect(zh.line(piece)).toBe('2026-11-23  08:30–09:10  第 1 节  海北三中 网班 1  直播  劣化  计入 20/40');
    expect(piece.runs.map((run) => en.run(run))).toEqual([
      "08:30–08:50  down  20 min  [Broadband]  the school's line is cut  q7x2",
      '08:50–09:10  good  20 min',
    ]);
    expect(totalTold({ part: 580, of: 600 }, 'zh')).toEqual(['合计: 580/600']);
  });

  it('a day ends at 24:00', async () => {
    const { report } = await explained();
    const whole = { from: clock('2026-11-23', '00:00'), to: clock('2026-11-24', '00:00') };
    const teller = new Teller(report, 'zh');
    expect(teller.run({ ...whole, state: 'good', why: [] })).toBe('00:00–24:00  良好  1440 分钟');
  });

  it('of every figure it is said how it is found, and every kind of evidence has its words', async () => {
    const { report, behind } = await explained();
    const teller = new Teller(report, 'en');
    const kinds = new Set<string>();
    for (const { reference } of figuresOf(report)) {
      expect(howOf(reference).zh).not.toBe('');
      for (const piece of await behind(reference)) {
        kinds.add(piece.kind);
        expect(teller.line(piece)).not.toBe('');
      }
    }
    expect([...kinds].sort()).toEqual([
      'agent',
      'day',
      'figure',
      'incident',
      'lesson',
      'link',
      'place',
      'setting',
    ]);
  });
});
