import { createLog } from '@tongtang/runtime/log';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { incidentsIn } from '../incidents/incidents-file.ts';
import { clock, countyReports, cut, day, november } from './reports.fixture.ts';

let reports: ReturnType<typeof countyReports>;
beforeEach(() => {
  reports = countyReports();
});
afterEach(() => reports.stop());

/** A thread and its modules on a busy machine. */
const unhurried = { timeout: 180_000 };

describe('a report that is asked for', () => {
  it(
    'is made in the background, and is there with its figures, inputs and who asked',
    unhurried,
    async () => {
      const asked = reports.desk.ask({ county: 'qilian', period: november }, 'li');
      expect(asked).toMatchObject({ state: 'waiting', askedBy: 'li', title: { zh: '祁连县 2026年11月' } });
      const job = await reports.issue();
      expect(job).toMatchObject({ state: 'done', outcome: 'unchanged', revision: 1 });
      const [first] = reports.desk.jobs().slice(-1);
      expect(first).toMatchObject({ outcome: 'issued', progress: { done: 61, of: 61 } });
      const detail = reports.desk.detail(job.report ?? '');
      expect(detail).toMatchObject({
        title: { zh: '祁连县 2026年11月 远程直播教学保障报告' },
        state: 'issued',
        current: 1,
        madeBy: 'li',
        why: 'asked',
        figures: { schools: { part: 1, of: 2 } },
        problems: [],
        revisions: [{ number: 1, changes: 0, history: [{ by: 'li', what: 'made' }], letters: [] }],
      });
      expect(detail.summary.find(({ title }) => title.en === 'minutes lost')).toMatchObject({ value: '20' });
      expect(detail.completeness.map(({ school }) => school.zh)).toEqual(['海北三中', '八宝小学（示例）']);
      expect(detail.inputs.find(({ title }) => title.en === 'whole period')?.value.zh).toBe('是');
      expect(reports.registry.auditTrail({ limit: 1 })).toMatchObject([
        { who: 'li', action: 'issue report', what: `qilian/${job.report} revision 1` },
      ]);
    },
  );

  it('is refused while its period is not over and settled, and told until when it is known', () => {
    const december = {
      kind: 'range',
      from: '2026-11-20',
      to: '2026-12-01',
      title: { zh: '', en: '' },
    } as const;
    expect(() => reports.desk.ask({ county: 'qilian', period: december }, 'li')).toThrow(
      /not settled yet \(it is known until 2026-11-30T16:00:00.000Z\)/,
    );
    expect(() => reports.desk.ask({ county: 'no', period: november }, 'li')).toThrow('no county "no"');
    const scope = { kind: 'school', id: 'no' } as const;
    expect(() => reports.desk.ask({ county: 'qilian', scope, period: november }, 'li')).toThrow(
      'no school "no" in qilian',
    );
  });

  it('stands beside others: of a school, with another objective', unhurried, async () => {
    const whole = await reports.issue();
    const school = await reports.issue(november, { scope: { kind: 'school', id: 'babao' } });
    const strict = await reports.issue(november, { objective: 9990 });
    expect(new Set([whole.report, school.report, strict.report]).size).toBe(3);
    const heads = reports.desk.list({ county: 'qilian', school: 'babao', limit: 10 });
    expect(heads.map(({ id }) => id)).toEqual([school.report]);
    expect(reports.desk.list({ limit: 10 })).toHaveLength(3);
  });
});

describe('the files of a report', () => {
  it('are the same to the byte whatever comes later, in both languages', unhurried, async () => {
    const { report = '' } = await reports.issue();
    const read = async () => {
      const files = await Promise.all(
        (['html', 'xlsx', 'csv', 'json'] as const).flatMap((format) =>
          (['zh', 'en'] as const).map((language) => reports.desk.file(report, format, language, 1)),
        ),
      );
      return files.map(({ content, titled }) => [titled, Buffer.from(content).toString('base64')]);
    };
    const before = await read();
    reports.late({ ...cut, to: '09:05' });
    expect(await reports.issue()).toMatchObject({ outcome: 'issued', revision: 2 });
    expect(await read()).toEqual(before);
    const { titled, content } = await reports.desk.file(report, 'csv', 'zh');
    expect(titled).toBe('祁连县 2026年11月 远程直播教学保障报告（修订2）.zip');
    const files = unzipSync(content);
    expect(strFromU8(files['summary.csv'] ?? new Uint8Array())).toContain('损失分钟,25,');
  });

  it('say what is missing where PDF cannot be printed', unhurried, async () => {
    const { report = '' } = await reports.issue();
    await expect(reports.desk.file(report, 'pdf', 'zh')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('apt-get install chromium'),
    });
    expect(reports.desk.detail(report).problems).toMatchObject([
      { zh: expect.stringContaining('未能生成 PDF') },
    ]);
  });
});

describe('what comes late', () => {
  it('makes a revision with a list of what changed, looked for once a day', unhurried, async () => {
    const { report = '' } = await reports.issue();
    reports.late({ ...cut, to: '09:05' });
    await reports.desk.keeper.look();
    expect(reports.desk.head(report).newest).toBe(1);
    reports.at(reports.now() + day + 60);
    await reports.desk.keeper.look();
    expect(reports.desk.head(report)).toMatchObject({
      newest: 2,
      current: 2,
      why: 'late-data',
      madeBy: 'hub',
    });
    const { changes } = await reports.desk.changes(report);
    expect(changes).toContainEqual({
      table: { zh: '总览', en: 'Summary' },
      row: { zh: '损失分钟', en: 'minutes lost' },
      column: { zh: '数值', en: 'value' },
      before: { zh: '20', en: '20' },
      after: { zh: '25', en: '25' },
      kind: 'changed',
    });
    expect(reports.desk.detail(report).revisions[0]?.changes).toBe(changes.length);
    // The same day again brings nothing, whatever comes.
    reports.late({ ...cut, to: '09:08' });
    await reports.desk.keeper.look();
    expect(reports.desk.head(report).newest).toBe(2);
  });

  it(
    'makes none where nothing changes that a reader sees, nor where only the county is another by now',
    unhurried,
    async () => {
      const { report = '' } = await reports.issue();
      const [before] = reports.store.revisions(report);
      // Who looked after it is nothing that the report says.
      reports.at(reports.now() + day + 60);
      const incidents = openIncidentStore(incidentsIn(reports.data), createLog('error'));
      const [incident] = incidents.list({ county: 'qilian', from: 0, to: reports.now() });
      if (incident === undefined) throw new Error('no incident');
      incidents.enter([{ ...incident, history: [{ time: 1, what: 'noted', text: 'seen', who: 'li' }] }], []);
      incidents.close();
      const inventory = reports.registry.exportInventory('qilian');
      if (inventory === undefined) throw new Error('no county');
      reports.registry.importInventory({ ...inventory, schools: inventory.schools.slice(0, 1) }, 'test');
      await reports.desk.keeper.look();
      expect(reports.store.find(report)).toMatchObject({ checkedAt: reports.now() });
      expect(reports.store.find(report)?.checkedInputs).not.toBe(before?.inputs);
      expect(reports.store.revisions(report)).toEqual([before]);
      // Asked for by hand, it is of the county as it is now.
      expect(await reports.issue()).toMatchObject({ outcome: 'issued', revision: 2 });
    },
  );

  it('is not looked for a hundred days after the period, nor where all is withdrawn', unhurried, async () => {
    const { report = '' } = await reports.issue();
    reports.late({ ...cut, to: '09:05' });
    reports.at(clock('2027-03-15', '12:00'));
    await reports.desk.keeper.look();
    reports.at(clock('2027-01-15', '12:00'));
    reports.desk.withdraw(report, 'the wrong objective', reports.by());
    await reports.desk.keeper.look();
    expect(reports.store.revisions(report)).toHaveLength(1);
  });
});

describe('approval', () => {
  beforeEach(() => {
    const { on, scope, objective, language, recipients } = reports.desk.schedule('qilian');
    reports.desk.setSchedule(
      'qilian',
      {
        on,
        scope,
        objective,
        language,
        recipients,
        approval: true,
        approvers: ['chief@school.example'],
      },
      reports.by(),
    );
  });

  it('is awaited, and given with a note', unhurried, async () => {
    const { report = '', outcome } = await reports.issue();
    expect(outcome).toBe('awaiting');
    expect(reports.desk.head(report)).toMatchObject({ state: 'awaiting' });
    expect(reports.desk.head(report)).not.toHaveProperty('current');
    reports.desk.approve(report, 1, 'as discussed', reports.by('chief'));
    expect(reports.desk.head(report)).toMatchObject({ state: 'issued', current: 1 });
    expect(reports.desk.detail(report).revisions[0]?.history).toMatchObject([
      { by: 'li', what: 'made' },
      { by: 'chief', what: 'approved', note: 'as discussed' },
    ]);
    expect(() => reports.desk.approve(report, 1, undefined, reports.by())).toThrow('does not await approval');
    expect(reports.registry.auditTrail({ limit: 1 })).toMatchObject([
      { who: 'chief', action: 'approve report', detail: 'as discussed' },
    ]);
  });

  it('is of the newest: one that still awaited it when data came late is replaced', unhurried, async () => {
    const { report = '' } = await reports.issue();
    reports.late({ ...cut, to: '09:05' });
    reports.at(reports.now() + day + 60);
    await reports.desk.keeper.look();
    const states = reports.desk.detail(report).revisions.map(({ state }) => state);
    expect(states).toEqual(['awaiting', 'replaced']);
  });

  it('may be refused: that revision is withdrawn, and what people hold stays', unhurried, async () => {
    const { report = '' } = await reports.issue();
    reports.desk.approve(report, 1, undefined, reports.by());
    reports.late({ ...cut, to: '09:05' });
    await reports.issue();
    expect(reports.desk.head(report)).toMatchObject({ state: 'awaiting', newest: 2, current: 1 });
    reports.desk.withdraw(report, 'the clock was wrong that day', reports.by());
    expect(reports.desk.head(report)).toMatchObject({ state: 'withdrawn', newest: 2, current: 1 });
    reports.desk.withdraw(report, 'all of it', reports.by());
    expect(reports.desk.head(report)).not.toHaveProperty('current');
    expect(() => reports.desk.withdraw(report, 'again', reports.by())).toThrow('withdrawn already');
    // It stays to be read.
    expect(reports.desk.detail(report)).toMatchObject({ revision: 2, state: 'withdrawn' });
  });

  it('is asked for by no mail that could only go when all was decided', unhurried, async () => {
    // There is no mailbox yet.
    const mails = () => {
      const { problems, revisions } = reports.desk.detail(report);
      const letters = revisions.flatMap((revision) => revision.letters);
      const told = problems.map(({ en }) => en).filter((en) => en.includes('kind: mail')).length;
      return [letters.map(({ kind, state }) => `${kind} ${state}`), told];
    };
    const { report = '' } = await reports.issue();
    expect(mails()).toEqual([['awaiting waiting'], 1]);
    reports.late({ ...cut, to: '09:05' });
    await reports.issue();
    await reports.desk.settled();
    expect(mails()).toEqual([['awaiting waiting', 'awaiting needless'], 1]);
    reports.desk.withdraw(report, 'the clock was wrong that day', reports.by());
    await reports.desk.settled();
    expect(mails()).toEqual([['awaiting needless', 'awaiting needless'], 0]);
    await reports.issue();
    reports.desk.approve(report, 3, undefined, reports.by('chief'));
    await reports.desk.settled();
    expect(mails()).toEqual([['awaiting needless', 'awaiting needless', 'awaiting needless'], 0]);
  });
});
