import type { Letter } from '@tongtang/notify/letters';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScheduleDocument } from './documents.ts';
import { clock, countyReports, cut, day, november } from './reports.fixture.ts';

/** Letters that the notifier has taken for good; whether they were sent is for the test to say. */
let posted: Letter[];
let states: Map<string, 'waiting' | 'sent' | 'failed'>;
/** What is done while the paper of a letter is printed. There is no Chromium here. */
let whilePrinting: () => void;
let reports: ReturnType<typeof countyReports>;
const schedule: ScheduleDocument = {
  on: true,
  scope: { kind: 'county', id: 'qilian' },
  objective: 9950,
  language: 'zh',
  recipients: ['zhang@school.example', 'li@school.example'],
  approval: false,
  approvers: [],
};
const approvers = ['chief@school.example', 'deputy@school.example'];
const unhurried = { timeout: 180_000 };

beforeEach(() => {
  [posted, states, whilePrinting] = [[], new Map(), () => {}];
  reports = countyReports({
    notifier: {
      console: 'https://tongtang.example',
      post(letter) {
        if (posted.some(({ id }) => id === letter.id)) return;
        posted.push(letter);
        states.set(letter.id, 'waiting');
      },
      letter: (id) => {
        const state = states.get(id);
        return state && { state, ...(state === 'failed' && { why: '550 no such user' }) };
      },
    },
    async print() {
      whilePrinting();
      throw new Error('no Chromium');
    },
  });
  reports.at(clock('2026-11-30', '12:00'));
  reports.desk.setSchedule('qilian', schedule, reports.by());
});
afterEach(() => reports.stop());

const told = () => posted.map(({ to, subject }) => [to, subject]);

describe('the monthly report', () => {
  it('is sent at 7 on the first school day, once, with paper and tables', unhurried, async () => {
    expect(reports.desk.schedule('qilian')).toMatchObject({
      next: { month: '2026-11', date: '2026-12-01' },
      problems: [],
    });
    reports.at(clock('2026-12-01', '06:59'));
    await reports.desk.keeper.look();
    expect(reports.desk.list({ limit: 9 })).toEqual([]);
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    await reports.desk.keeper.look();
    expect(told()).toEqual([
      ['zhang@school.example', '【同堂】祁连县 2026年11月 远程直播教学保障报告'],
      ['li@school.example', '【同堂】祁连县 2026年11月 远程直播教学保障报告'],
    ]);
    const [letter] = posted;
    // There is no Chromium here, which the letter says.
    expect(letter?.enclosures.map(({ name }) => name)).toEqual([
      '祁连县 2026年11月 远程直播教学保障报告.html',
      '祁连县 2026年11月 远程直播教学保障报告.xlsx',
    ]);
    expect(letter?.text).toContain('没有可用的 Chromium');
    expect(letter?.text).toContain('损失分钟：20 分钟');
    const [head] = reports.desk.list({ limit: 9 });
    expect(letter?.text).toContain(`https://tongtang.example/reports/${head?.id}`);
    expect(reports.desk.schedule('qilian')).toMatchObject({
      next: { month: '2026-12', date: '2027-01-01' },
      last: { month: '2026-11', outcome: 'issued', report: head?.id },
    });
  });

  it('that was missed comes when the hub is back and what was measured is settled', unhurried, async () => {
    reports.minutes.settled('qilian', clock('2026-11-20', '00:00'));
    reports.at(clock('2026-12-05', '20:00'));
    await reports.desk.keeper.look();
    expect(posted).toEqual([]);
    expect(reports.desk.schedule('qilian').problems).toMatchObject([
      { zh: expect.stringContaining('等待上月数据') },
    ]);
    reports.minutes.settled('qilian', clock('2026-12-05', '19:45'));
    await reports.desk.keeper.look();
    expect(posted).toHaveLength(2);
  });

  it('of a month without lessons is none', unhurried, async () => {
    reports.minutes.settled('qilian', clock('2027-02-28', '00:00'));
    const inventory = reports.registry.exportInventory('qilian');
    if (inventory === undefined) throw new Error('no county');
    reports.registry.importInventory({ ...inventory, periods: [] }, 'test');
    reports.at(clock('2026-12-02', '07:00'));
    await reports.desk.keeper.look();
    expect(posted).toEqual([]);
    expect(reports.desk.schedule('qilian').last).toMatchObject({ month: '2026-11', outcome: 'nothing' });
  });

  it('that somebody issued already is sent, and not made again', unhurried, async () => {
    reports.at(clock('2026-12-01', '06:00'));
    const { report } = await reports.issue();
    expect(posted).toEqual([]);
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    expect(told().map(([to]) => to)).toEqual(schedule.recipients);
    expect(reports.desk.schedule('qilian').last).toMatchObject({ outcome: 'unchanged', report });
  });

  it('waits for whoever approves it, and is sent then', unhurried, async () => {
    reports.desk.setSchedule('qilian', { ...schedule, approval: true }, reports.by());
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    const [head] = reports.desk.list({ limit: 9 });
    expect([head?.state, posted]).toEqual(['awaiting', []]);
    reports.desk.approve(head?.id ?? '', 1, undefined, reports.by('chief'));
    await vi.waitFor(() => expect(posted).toHaveLength(2), 30_000);
    expect(told().map(([to]) => to)).toEqual(schedule.recipients);
  });

  it('that cannot be made is told of, and tried again an hour later', unhurried, async () => {
    reports.desk.setSchedule('qilian', { ...schedule, scope: { kind: 'school', id: 'babao' } }, reports.by());
    const inventory = reports.registry.exportInventory('qilian');
    if (inventory === undefined) throw new Error('no county');
    reports.registry.importInventory({ ...inventory, schools: inventory.schools.slice(0, 1) }, 'test');
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    expect(reports.desk.schedule('qilian').problems).toMatchObject([
      { en: expect.stringContaining('there is no school "babao" any more') },
    ]);
    reports.registry.importInventory(inventory, 'test');
    reports.at(clock('2026-12-01', '08:00'));
    await reports.desk.keeper.look();
    expect(posted).toHaveLength(2);
    expect(reports.desk.schedule('qilian').problems).toEqual([]);
  });
});

describe('whoever approves reports', () => {
  beforeEach(() => {
    reports.desk.setSchedule('qilian', { ...schedule, approval: true, approvers }, reports.by());
  });

  it('is told by mail that the monthly one waits, and asked once', unhurried, async () => {
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    await reports.desk.keeper.look();
    expect(told()).toEqual(
      approvers.map((to) => [to, '【同堂】待审批：祁连县 2026年11月 远程直播教学保障报告']),
    );
    const [head] = reports.desk.list({ limit: 9 });
    const [letter] = posted;
    expect(letter?.text.split('\n')[2]).toMatch(/^这份报告还没有发给任何人。请先过目/);
    expect(letter?.text).toContain('损失分钟：20 分钟');
    expect(letter?.text).not.toContain('变化');
    expect(letter?.text).toContain(`https://tongtang.example/reports/${head?.id}?revision=1\n`);
    expect(letter?.enclosures.map(({ name }) => name.split('.').at(-1))).toEqual(['html', 'xlsx']);
    // Who approves has not thereby received it.
    reports.desk.approve(head?.id ?? '', 1, undefined, reports.by('chief'));
    await reports.desk.settled();
    expect(told().slice(2)).toEqual(
      schedule.recipients.map((to) => [to, '【同堂】祁连县 2026年11月 远程直播教学保障报告']),
    );
    reports.desk.withdraw(head?.id ?? '', 'the bell was wrong', reports.by('chief'));
    await reports.desk.settled();
    expect(told().slice(4)).toEqual(
      schedule.recipients.map((to) => [to, '【同堂】已撤回：祁连县 2026年11月 远程直播教学保障报告']),
    );
  });

  it('is told of one that somebody asked for, and what late data changed in it', unhurried, async () => {
    reports.desk.setSchedule(
      'qilian',
      { ...schedule, on: false, language: 'en', approval: true, approvers: approvers.slice(0, 1) },
      reports.by(),
    );
    reports.at(clock('2026-12-01', '06:00'));
    const { report = '' } = await reports.issue(november);
    await reports.desk.settled();
    reports.desk.approve(report, 1, undefined, reports.by('chief'));
    reports.desk.send(report, ['zhang@school.example'], 'en', undefined, reports.by('chief'));
    reports.late({ ...cut, to: '09:05' });
    reports.at(reports.now() + day + 60);
    await reports.desk.keeper.look();
    const title = '祁连县: report on remote lessons, 2026-11';
    expect(told()).toEqual([
      ['chief@school.example', `[Tongtang] Awaits approval: ${title}`],
      ['zhang@school.example', `[Tongtang] ${title}`],
      ['chief@school.example', `[Tongtang] Awaits approval: ${title} (revision 2)`],
    ]);
    expect(posted[2]?.text).toContain('- Summary / minutes lost / value: 20 → 25');
    expect(posted[2]?.text).toContain(`/reports/${report}?revision=2\n`);
  });

  it('is not told of what was decided while the mail was made ready', unhurried, async () => {
    whilePrinting = () => {
      const [head] = reports.desk.list({ limit: 9 });
      if (head?.state === 'awaiting') reports.desk.approve(head.id, 1, undefined, reports.by('li'));
    };
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    await reports.desk.settled();
    expect(told().map(([to]) => to)).toEqual(schedule.recipients);
    const [head] = reports.desk.list({ limit: 9 });
    expect(reports.desk.detail(head?.id ?? '').revisions[0]?.letters).toMatchObject([
      { to: approvers[0], kind: 'awaiting', state: 'needless' },
      { to: approvers[1], kind: 'awaiting', state: 'needless' },
      { to: schedule.recipients[0], kind: 'issued', state: 'waiting' },
      { to: schedule.recipients[1], kind: 'issued', state: 'waiting' },
    ]);
  });

  it('from now on is told of what waits already; an address is mended that way', unhurried, async () => {
    const of = (people: string[]) =>
      reports.desk.setSchedule('qilian', { ...schedule, approval: true, approvers: people }, reports.by());
    expect(of([]).problems).toMatchObject([{ zh: expect.stringContaining('没有填写审批人') }]);
    reports.at(clock('2026-12-01', '07:00'));
    await reports.desk.keeper.look();
    expect(posted).toEqual([]);
    expect(of(['cheif@school.example']).problems).toEqual([]);
    await reports.desk.settled();
    expect(told().map(([to]) => to)).toEqual(['cheif@school.example']);
    for (const { id } of posted) states.set(id, 'failed');
    await reports.desk.keeper.look();
    const [head] = reports.desk.list({ limit: 9 });
    const problems = () => reports.desk.detail(head?.id ?? '').problems.map(({ en }) => en);
    expect(problems()).toContainEqual(
      expect.stringContaining('The mail that asks cheif@school.example to approve was not taken: 550'),
    );
    of(approvers.slice(0, 1));
    await reports.desk.settled();
    expect(told().map(([to]) => to)).toEqual(['cheif@school.example', 'chief@school.example']);
    expect(problems()).toEqual([expect.stringContaining('No PDF was printed')]);
  });
});

describe('letters', () => {
  it(
    'go to those who had the report: what late data changed, and that it is withdrawn',
    unhurried,
    async () => {
      const { report = '' } = await issued();
      reports.desk.send(report, ['chief@school.example'], 'en', undefined, reports.by('chief'));
      reports.late({ ...cut, to: '09:05' });
      reports.at(reports.now() + day + 60);
      await reports.desk.keeper.look();
      expect(told()).toEqual([
        ['chief@school.example', '[Tongtang] 祁连县: report on remote lessons, 2026-11'],
        ['chief@school.example', '[Tongtang] 祁连县: report on remote lessons, 2026-11 (revision 2)'],
      ]);
      expect(posted[1]?.text).toContain('- Summary / minutes lost / value: 20 → 25');
      reports.desk.withdraw(report, 'the bell was wrong', reports.by('chief'));
      await vi.waitFor(() => expect(posted).toHaveLength(3), 30_000);
      expect(posted[2]).toMatchObject({
        enclosures: [],
        text: expect.stringContaining('the bell was wrong'),
      });
    },
  );

  it('that are refused are told of, with what to do', unhurried, async () => {
    const { report = '' } = await issued();
    reports.desk.send(report, ['nobody@school.example'], 'zh', undefined, reports.by());
    await vi.waitFor(() => expect(posted).toHaveLength(1), 30_000);
    for (const { id } of posted) states.set(id, 'failed');
    await reports.desk.keeper.look();
    expect(reports.desk.detail(report)).toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ zh: expect.stringContaining('nobody@school.example 的邮件未被接收：550') }),
      ]),
      revisions: [{ letters: [{ to: 'nobody@school.example', state: 'failed' }] }],
    });
  });

  it('for trying say so', unhurried, async () => {
    reports.desk.sendTrial('qilian', 'zhang@school.example', reports.by());
    await vi.waitFor(
      () => expect(told()).toEqual([['zhang@school.example', '【同堂】测试：报告邮件可以送达']]),
      10_000,
    );
    await issued();
    reports.desk.sendTrial('qilian', 'zhang@school.example', reports.by());
    await vi.waitFor(() => expect(posted[1]?.subject).toContain('【同堂】测试：祁连县 2026年11月'), 30_000);
    expect(posted[1]?.enclosures).toHaveLength(2);
    for (const { id } of posted) states.set(id, 'failed');
    await reports.desk.keeper.look();
    expect(reports.desk.schedule('qilian').trial).toMatchObject({
      to: 'zhang@school.example',
      state: 'failed',
      why: { en: '550 no such user' },
    });
  });

  function issued() {
    reports.desk.setSchedule('qilian', { ...schedule, on: false }, reports.by());
    reports.at(clock('2026-12-01', '06:00'));
    return reports.issue(november);
  }
});
