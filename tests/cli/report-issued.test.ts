import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import { daysOf, monthPeriod } from '@tongtang/reports/period';
import { qilian, qilianFile } from '@tongtang/simulator/county/qilian';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMailServer, startMailServer } from '../services/chasquid.ts';
import { eventually } from '../services/eventually.ts';
import { keepDays } from '../services/kept-minutes.ts';
import { dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';

let data: ReturnType<typeof dataFolder>;
let hub: TestHub;
let mail: RunningMailServer;

/** The month before the present one: it is over. */
const month = plusDays(`${dayOf(Date.now() / 1000, 'Asia/Shanghai').slice(0, 7)}-01`, -1).slice(0, 7);
const period = monthPeriod(month);
if (period === undefined) throw new Error(`no month ${month}`);
const days = daysOf(period);
const base = `qilian-${period.from}-${period.to}`;

const run = (...words: string[]) =>
  tongtang(['report', ...words], { ...hub.environment, LC_ALL: 'en_GB.UTF-8', TZ: 'Asia/Shanghai' });

beforeAll(async () => {
  data = dataFolder();
  mail = await startMailServer();
  const notify = join(data.path, 'notify.yaml');
  writeFileSync(
    notify,
    `console: https://tongtang.example
channels:
  mailbox: { kind: mail, host: localhost, port: ${mail.submissionPort}, security: starttls, user: "${mail.user}", password: "${mail.password}", ca: "${mail.ca}", from: "${mail.user}", to: ["zhang@school.example"] }
routes:
  - { name: all, to: [mailbox], severity: critical }
`,
  );
  chmodSync(notify, 0o600);
  await tongtang(['inventory', 'import', qilianFile], { TONGTANG_DATA: data.path });
  const cut = { school: 'babao', date: days[20] ?? '', from: '08:40', to: '09:00' } as const;
  keepDays(data.path, qilian(), days, [cut]);
  hub = await startTestHub(data.path);
}, 120_000);
afterAll(async () => {
  await hub.process().stop();
  await mail.stop();
  data.remove();
});

/** Chromium prints on a busy machine. */
const unhurried = { timeout: 240_000 };

describe('tongtang report', () => {
  let id = '';

  it(
    'issue has the running hub make a report and keep it; again, it says that nothing changed',
    unhurried,
    async () => {
      expect((await run('list')).stdout).toContain('No report was issued yet');
      const first = await run('issue', '--month', month);
      expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^Issued: r-\w+, revision 1\n$/)]);
      expect(first.output).toMatch(/\d{4}-\d\d-\d\d \d+\/\d+|Issued/);
      id = /r-\w+/.exec(first.stdout)?.[0] ?? '';
      const again = await run('issue', '--month', month);
      expect(again.stdout).toContain(`It says what was issued before, so there is no new revision: ${id}`);
      const asJson = await run('issue', '--month', month, '--json');
      expect(JSON.parse(asJson.stdout)).toMatchObject({
        report: id,
        outcome: 'unchanged',
        askedBy: 'admin token',
      });
    },
  );

  it('list and show tell what there is', unhurried, async () => {
    const list = await run('list', '--county', 'qilian');
    expect(list.stdout).toMatch(
      new RegExp(
        `^${id} {2}.*report on remote lessons, ${month} {2}revision 1 {2}issued .* availability \\d+\\.\\d\\d %\n$`,
      ),
    );
    const show = await run('show', id);
    expect(show.stdout).toContain('made  admin token');
    expect(show.stdout).toMatch(/ {2}availability: \d+\.\d\d % \(\d+\/\d+\)/);
    expect(JSON.parse((await run('show', id, '--json')).stdout)).toMatchObject({ id, problems: [] });
  });

  it('save writes the very files', unhurried, async () => {
    const out = join(data.path, 'out');
    const { code, stdout } = await run('save', id, '--format', 'html,pdf,xlsx,csv,json', '--out', out);
    expect(code).toBe(0);
    expect(readdirSync(out)).toEqual(
      ['csv', 'html', 'json', 'pdf', 'xlsx']
        .map((ending) => `${base}-r1.${ending === 'csv' ? 'zip' : ending}`)
        .sort(),
    );
    expect(stdout.split('\n')[0]).toBe(join(out, `${base}-r1.html`));
    expect(readFileSync(join(out, `${base}-r1.pdf`), 'latin1')).toMatch(/^%PDF-/);
  });

  it('send sends it with its paper and its tables', unhurried, async () => {
    const { code, stdout } = await run('send', id, 'li@school.example', '--language', 'en');
    expect([code, stdout]).toEqual([0, expect.stringContaining('report → li@school.example')]);
    const sent = await eventually(
      'the mail',
      () => mail.delivered().find((one) => /^To: li@school.example/m.test(one)),
      60_000,
    );
    // Of a mail that is not right, what is missing is to be told, and not all of it.
    expect(
      sent.match(/application\/(pdf|vnd.openxmlformats-officedocument.spreadsheetml.sheet)/g),
    ).toHaveLength(2);
  });

  it(
    'schedule shows and changes what is said of the monthly report, and sends for trying',
    unhurried,
    async () => {
      expect((await run('schedule')).stdout).toContain('Monthly report: off');
      const on = await run(
        'schedule',
        '--on',
        '--recipients',
        'zhang@school.example',
        '--approval',
        'yes',
        '--objective',
        '99.9',
      );
      expect(on.stdout).toMatch(
        /Monthly report: on\n.*\n {2}objective: 99.90 %\n {2}recipients: zhang@school.example\n {2}approval: wanted\n {2}approvers: nobody\n {2}next: \d{4}-\d\d, \d{4}-\d\d-\d\d 07:00\n {2}! Reports wait for approval, and nobody is told .*\n$/,
      );
      const told = await run('schedule', '--approvers', 'li@school.example, zhang@school.example');
      expect(told.stdout).toMatch(
        / {2}approval: wanted\n {2}approvers: li@school.example, zhang@school.example\n {2}next: .*\n$/,
      );
      // What is not said stays.
      const other = await run('schedule', '--language', 'en', '--test', 'zhang@school.example', '--json');
      expect(JSON.parse(other.stdout)).toMatchObject({
        on: true,
        objective: 9990,
        language: 'en',
        approval: true,
        approvers: ['li@school.example', 'zhang@school.example'],
      });
      await eventually(
        'the trial',
        () => mail.delivered().find((one) => /^To: zhang@school.example/m.test(one)),
        60_000,
      );
      const wrong = await run('schedule', '--recipients', 'zhang');
      expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('"zhang" is no mail address')]);
    },
  );

  it('approve, compare and withdraw', unhurried, async () => {
    const toLi = () => mail.delivered().filter((one) => /^To: li@school.example/m.test(one)).length;
    const before = toLi();
    const awaiting = await run('issue', '--month', month, '--school', 'babao');
    const school = /r-\w+/.exec(awaiting.stdout)?.[0] ?? '';
    expect(awaiting.stdout).toBe(`Made, and awaits approval: ${school}, revision 1\n`);
    await eventually('the mail to whoever approves', () => toLi() > before || undefined, 60_000);
    expect((await run('show', school)).stdout).toContain('that it awaits approval → li@school.example');
    const approved = await run('approve', school, '--note', 'as discussed');
    expect(approved.stdout).toMatch(/ approved {2}admin token {2}as discussed/);
    const compared = await run('compare', school);
    expect([compared.code, compared.output]).toEqual([1, expect.stringContaining('there is no revision 0')]);
    const bare = await run('withdraw', school);
    expect([bare.code, bare.output]).toEqual([1, expect.stringContaining('--note')]);
    const withdrawn = await run('withdraw', school, '--note', 'the wrong school');
    expect(withdrawn.stdout).toMatch(/revision 1 {2}withdrawn/);
  });

  it('says what is missing', unhurried, async () => {
    const cases: [string[], string][] = [
      [['issue'], '--month 2026-11, --term <name>, or --from and --to'],
      [['issue', '--month', '2099-01'], 'the period is not over'],
      [['show', 'r-none'], 'no report "r-none"'],
      [['save', 'r-none'], 'Where to? --out <folder>'],
      [['issue', '--month', month, '--school', 'none'], 'no school "none"'],
    ];
    for (const [words, objection] of cases) {
      const { code, output } = await run(...words);
      expect([words, code, output]).toEqual([words, 1, expect.stringContaining(objection)]);
    }
  });
});
