import { county } from '@tongtang/lessons/county.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clock, countyReports, cut } from '../reports/reports.fixture.ts';
import { startFixture } from './http.fixture.ts';

let reports: ReturnType<typeof countyReports>;
let hub: Awaited<ReturnType<typeof startFixture>>;
const unhurried = { timeout: 180_000 };
beforeAll(async () => {
  reports = countyReports();
  hub = await startFixture({}, { reports: reports.desk, nowS: () => reports.now() });
  hub.registry.importInventory(county, 'test');
});
afterAll(async () => {
  await hub.stop();
  await reports.stop();
});

const ask = (
  method: string,
  path: string,
  body?: unknown,
  role: 'admin' | 'technician' | 'bureau' = 'bureau',
) => hub.ask(method, `/api/v1/${path}`, body, hub.tokens[role]);

/** Asks the hub to issue, and for what came of it until there is something. */
async function issue(body: object) {
  const { status, body: answer } = await ask('POST', 'reports', body);
  if (status !== 202) throw new Error(JSON.stringify(answer));
  for (;;) {
    const job = (await ask('GET', `reports/jobs/${answer.job}`)).body;
    if (job.state === 'done' || job.state === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('reports over HTTP', () => {
  it('are issued by the bureau, listed, read, and saved under good names', unhurried, async () => {
    const job = await issue({ county: 'qilian', month: '2026-11' });
    expect(job).toMatchObject({ state: 'done', outcome: 'issued', revision: 1, askedBy: 'a-bureau' });
    const list = (await ask('GET', 'reports?county=qilian')).body;
    expect(list).toMatchObject({
      reports: [{ id: job.report, title: { zh: '祁连县 2026年11月 远程直播教学保障报告' }, current: 1 }],
      more: false,
      jobs: [{ id: job.id }],
    });
    const detail = (await ask('GET', `reports/${job.report}`)).body;
    expect(detail).toMatchObject({ revision: 1, madeBy: 'a-bureau', revisions: [{ state: 'issued' }] });

    const file = await ask('GET', `reports/${job.report}/file?format=html&show=true`);
    expect(file.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(file.headers.get('content-disposition')).toBe(
      `inline; filename="qilian-2026-11-01-2026-11-30-r1.html"; filename*=UTF-8''${encodeURIComponent('祁连县 2026年11月 远程直播教学保障报告.html')}`,
    );
    expect(file.headers.get('content-security-policy')).toContain("style-src 'unsafe-inline'");
    expect(file.body).toContain('<h1>祁连县 2026年11月 远程直播教学保障报告</h1>');
    const json = await ask('GET', `reports/${job.report}/file?format=json`);
    expect(json.body).toMatchObject({ version: 1, scope: { id: 'qilian' } });
    const csv = await ask('GET', `reports/${job.report}/file?format=csv&language=en`);
    expect(csv.headers.get('content-type')).toBe('application/zip');
    const pdf = await ask('GET', `reports/${job.report}/file?format=pdf`);
    expect([pdf.status, pdf.body.error]).toMatchObject([
      503,
      { code: 'unavailable', message: expect.stringContaining('apt-get install chromium') },
    ]);
  });

  it('are cancelled by whoever asked for them, and by admins', unhurried, async () => {
    const { job } = (await ask('POST', 'reports', { county: 'qilian', month: '2026-11', objective: 9800 }))
      .body;
    expect((await ask('DELETE', `reports/jobs/${job}`, undefined, 'technician')).status).toBe(403);
    expect((await ask('DELETE', `reports/jobs/${job}`)).body).toEqual({ ok: true });
    expect((await ask('GET', `reports/jobs/${job}`)).body).toMatchObject({ state: 'cancelled' });
    expect((await ask('DELETE', `reports/jobs/${job}`)).status).toBe(409);
    // The next one is made although the thread of this one was ended.
    expect(await issue({ county: 'qilian', from: '2026-11-23', to: '2026-11-24' })).toMatchObject({
      state: 'done',
    });
  });

  it('are of terms that the timetable has', async () => {
    const { body } = await ask('GET', 'counties/qilian/report-periods');
    expect(body).toMatchObject({ terms: [], objective: 9950 });
  });

  it('have revisions that are compared, and pages of a list', unhurried, async () => {
    const { report } = await issue({ county: 'qilian', from: '2026-11-23', to: '2026-11-27' });
    reports.late({ ...cut, to: '09:05' });
    reports.at(reports.now() + 60);
    expect(await issue({ county: 'qilian', from: '2026-11-23', to: '2026-11-27' })).toMatchObject({
      report,
      revision: 2,
    });
    const { body } = await ask('GET', `reports/${report}/changes?from=1&to=2`);
    expect(body).toMatchObject({ from: 1, to: 2, more: 0 });
    expect(body.changes.length).toBeGreaterThan(3);
    expect((await ask('GET', `reports/${report}?revision=1`)).body).toMatchObject({ revision: 1, newest: 2 });
    const first = (await ask('GET', 'reports?limit=1')).body;
    expect([first.reports[0].id, first.more]).toEqual([report, true]);
    const { madeAt } = first.reports[0];
    expect((await ask('GET', `reports?limit=9&before=${madeAt}`)).body).toMatchObject({ more: false });
  });

  it('wait for approval where the county wants it, and a technician gives none', unhurried, async () => {
    const wanted = { on: false, language: 'zh', recipients: [], approval: true };
    const path = 'counties/qilian/report-schedule';
    const saved = (await ask('PUT', path, wanted)).body;
    expect(saved).toMatchObject({ approval: true, approvers: [], objective: 9950 });
    expect(saved.problems).toMatchObject([{ en: expect.stringContaining('nobody is told') }]);
    const named = { ...wanted, approvers: ['chief@school.example'] };
    expect((await ask('PUT', path, named)).body).toMatchObject({
      approvers: ['chief@school.example'],
      problems: [{ en: expect.stringContaining('kind: mail') }],
    });
    const { report, outcome } = await issue({ county: 'qilian', month: '2026-11', objective: 9900 });
    expect(outcome).toBe('awaiting');
    expect((await ask('GET', `reports/${report}`)).body.revisions[0].letters).toMatchObject([
      { to: 'chief@school.example', kind: 'awaiting', state: 'waiting' },
    ]);
    const approve = (role: 'technician' | 'bureau') =>
      ask('POST', `reports/${report}/approve`, { revision: 1, note: 'seen' }, role);
    expect((await approve('technician')).status).toBe(403);
    expect((await approve('bureau')).body).toMatchObject({ id: report, state: 'issued', current: 1 });
    expect((await approve('bureau')).body.error).toMatchObject({ code: 'conflict' });
    const withdrawn = await ask('POST', `reports/${report}/withdraw`, { note: 'a wrong objective' });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn' });
    expect((await ask('PUT', path, { ...wanted, approval: false })).status).toBe(200);
    expect(reports.registry.auditTrail({ limit: 4 }).map(({ who, action }) => [who, action])).toEqual([
      ['a-bureau', 'change report schedule'],
      ['a-bureau', 'withdraw report'],
      ['a-bureau', 'approve report'],
      ['a-bureau', 'issue report'],
    ]);
  });

  it('come monthly where that is switched on, and it is said what is missing for it', async () => {
    const path = 'counties/qilian/report-schedule';
    expect((await ask('GET', path)).body).toMatchObject({ on: false, problems: [] });
    reports.at(clock('2026-12-02', '12:00'));
    const on = {
      on: true,
      language: 'zh',
      recipients: [],
      approval: false,
      scope: { kind: 'school', id: 'babao' },
    };
    const { body } = await ask('PUT', path, on);
    expect(body).toMatchObject({ on: true, scope: on.scope, next: { month: '2026-12', date: '2027-01-01' } });
    expect(body.problems.map(({ en }: { en: string }) => en)).toEqual([
      expect.stringContaining('kind: mail'),
      expect.stringContaining('no recipients'),
    ]);
    const trial = await ask('POST', `${path}/test`, { to: 'li@school.example' });
    expect([trial.status, trial.body.error.message]).toEqual([409, expect.stringContaining('kind: mail')]);
  });

  it.each([
    [{ county: 'qilian' }, 400, 'month: which days?'],
    [{ county: 'qilian', month: '2026-11', term: 'x' }, 400, 'month: which days?'],
    [{ county: 'qilian', month: '2026-13' }, 400, 'month: must be a month such as 2026-11'],
    [{ county: 'qilian', term: 'x' }, 404, 'term: no term "x"'],
    [{ county: 'qilian', from: '2026-11-02' }, 400, 'to: must be a day'],
    [{ county: 'qilian', from: '2026-11-02', to: '2026-11-01' }, 400, 'to: 2026-11-01 is before 2026-11-02'],
    [{ county: 'no', month: '2026-11' }, 404, 'county: no county "no"'],
    [
      { county: 'qilian', month: '2026-11', scope: { kind: 'school', id: 'no' } },
      404,
      'scope: no school "no"',
    ],
    [{ county: 'qilian', month: '2026-12' }, 409, 'the period is not over'],
    [{ county: 'qilian', month: '2026-11', objective: 10000 }, 400, 'objective'],
  ])('are refused with the field and why: %o', async (body, status, message) => {
    const answer = await ask('POST', 'reports', body);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  it.each([
    [
      'PUT',
      'counties/qilian/report-schedule',
      { on: true, language: 'zh', recipients: ['a b'], approval: false },
      'recipients[0]: must be a mail address',
    ],
    [
      'PUT',
      'counties/qilian/report-schedule',
      { on: true, language: 'zh', recipients: [], approval: true, approvers: ['a@b.cn', 'a'] },
      'approvers[1]: must be a mail address',
    ],
    ['POST', 'reports/x/withdraw', { note: ' ' }, 'note: must not be empty'],
    ['GET', 'reports/x/file?format=doc', undefined, 'format'],
    ['GET', 'reports?limit=0', undefined, 'limit'],
  ])('%s %s is refused with the field', async (method, path, body, message) => {
    const answer = await ask(method, path, body);
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining(message)]);
  });
});
