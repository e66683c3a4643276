import type { Text } from '../src/api/answers.ts';
import type {
  Changes,
  Figure,
  Job,
  Report,
  ReportHead,
  ReportList,
  ReportPeriods,
  Revision,
  RevisionState,
  Schedule,
  Share,
} from '../src/api/report-answers.ts';
import { county } from './county.ts';

/** Reports as a county has them after half a year: one a month, one that awaits approval, one with data that came late. */

const name = (zh: string, en: string): Text => ({ zh, en });
const day = 86_400;
const share = (part: number, of: number): Share => ({ part, of });
const known: Share = { part: 38_912, of: 39_840 };

type Made = Readonly<{
  id: string;
  month: string;
  lastDay: number;
  scope?: ReportHead['scope'];
  /** Of each revision, the first first. */
  states: readonly RevisionState[];
  available: Share;
  coverage?: Share;
  /** Before now, in days. */
  daysAgo: number;
}>;

const ofCounty: ReportHead['scope'] = { kind: 'county', id: county.id, name: county.name };
const scopeOfSchool = (id: string): ReportHead['scope'] => ({
  kind: 'school',
  id,
  name: county.schools.find((school) => school.id === id)?.name ?? name(id, id),
});

const made: readonly Made[] = [
  {
    id: 'r-5f2b7c10',
    month: '2026-02',
    lastDay: 28,
    states: ['awaiting'],
    available: share(38_770, 38_912),
    daysAgo: 1,
  },
  {
    id: 'r-1a2b3c4d',
    month: '2026-01',
    lastDay: 31,
    states: ['issued', 'issued'],
    available: share(38_301, 38_912),
    daysAgo: 26,
  },
  {
    id: 'r-90ab12cd',
    month: '2025-12',
    lastDay: 31,
    states: ['issued'],
    available: share(38_860, 38_912),
    daysAgo: 68,
  },
  {
    id: 'r-77aa0011',
    month: '2025-12',
    lastDay: 31,
    scope: scopeOfSchool('mole'),
    states: ['withdrawn'],
    available: share(610, 660),
    coverage: share(660, 1040),
    daysAgo: 67,
  },
];

function headOf(one: Made, now: number): ReportHead {
  const { id, month, lastDay, states, available, coverage = known, daysAgo, scope = ofCounty } = one;
  const [year, of] = month.split('-').map(Number);
  const title = name(`${year}年${of}月`, month);
  const current = states.lastIndexOf('issued') + 1;
  return {
    id,
    county: county.id,
    scope,
    period: { kind: 'month', from: `${month}-01`, to: `${month}-${lastDay}`, title },
    objective: share(9950, 10_000),
    title: name(`${scope.name.zh} ${title.zh}`, `${scope.name.en} ${title.en}`),
    state: states.at(-1) ?? 'issued',
    newest: states.length,
    ...(current > 0 && { current }),
    madeAt: now - daysAgo * day,
    madeBy: scope.kind === 'school' ? 'li' : 'hub',
    why: states.length > 1 ? 'late-data' : scope.kind === 'school' ? 'asked' : 'scheduled',
    figures: {
      availability: available,
      coverage,
      schools: share(11, 13),
      classes: share(41, 46),
      platforms: share(12, 12),
    },
  };
}

export function reportsAt(now: number, school: string): ReportList {
  const heads = made.map((one) => headOf(one, now));
  const jobs: readonly Job[] = [
    {
      id: 'j-1',
      county: county.id,
      title: name('祁连县 2025 秋', 'Qilian County 2025 秋'),
      askedBy: 'admin',
      askedAt: now - 20,
      state: 'working',
      progress: { day: '2025-11-12', done: 73, of: 140 },
    },
    {
      id: 'j-0',
      county: county.id,
      title: name('祁连县 2026年1月', 'Qilian County 2026-01'),
      askedBy: 'admin',
      askedAt: now - 900,
      state: 'done',
      report: 'r-1a2b3c4d',
      revision: 2,
      outcome: 'unchanged',
    },
  ];
  return {
    reports: school === '' ? heads : heads.filter(({ scope }) => scope.id === school),
    more: false,
    jobs,
  };
}

export function reportAt(now: number, id: string, asked: string): Report | undefined {
  const one = made.find((entry) => entry.id === id);
  if (one === undefined) return undefined;
  const head = headOf(one, now);
  return {
    ...head,
    revision: asked === '' ? (head.current ?? head.newest) : Number(asked),
    summary: summaryOf(head),
    completeness: county.schools.map(({ id: school, name: of }) => ({
      school: of,
      days: share(school === 'mole' ? 17 : school === 'arou' ? 19 : 20, 20),
      agents: 3,
      coverage: school === 'mole' ? share(660, 1040) : share(1020, 1040),
      unknownLessons: school === 'mole' ? 9 : 0,
    })),
    inputs: [
      { title: name('数据截至', 'settled to'), value: name('2026-01-31 23:59', '2026-01-31 23:59') },
      { title: name('本期是否完整', 'whole period'), value: name('是', 'yes') },
      {
        title: name('分钟数据指纹', 'fingerprint of minutes'),
        value: name('9c1f30aa77b2e4d0', '9c1f30aa77b2e4d0'),
      },
      {
        title: name('清单指纹', 'fingerprint of the inventory'),
        value: name('0b77e4d09c1f30aa', '0b77e4d09c1f30aa'),
      },
    ],
    isSimulated: false,
    fingerprint: '4be1d20c77aa9031',
    revisions: one.states.map((state, index) => revisionOf(head, state, index, now)).reverse(),
    problems:
      id === 'r-5f2b7c10'
        ? [
            name(
              '没有 Chromium，不能生成 PDF：apt-get install chromium fonts-noto-cjk，或在浏览器中打印 HTML。',
              'There is no Chromium, so no PDF: apt-get install chromium fonts-noto-cjk, or print the HTML in a browser.',
            ),
          ]
        : [],
  };
}

function revisionOf(head: ReportHead, state: RevisionState, index: number, now: number): Revision {
  const at = head.madeAt - (head.newest - 1 - index) * 3 * day;
  return {
    number: index + 1,
    state,
    why: index > 0 ? 'late-data' : head.scope.kind === 'school' ? 'asked' : 'scheduled',
    madeAt: at,
    madeBy: index > 0 ? 'hub' : head.madeBy,
    fingerprint: index === 0 ? '77aa90314be1d20c' : '4be1d20c77aa9031',
    changes: index === 0 ? 0 : 7,
    history: [
      ...(state === 'withdrawn'
        ? [
            {
              at: Math.min(at + day, now),
              by: 'wang',
              what: 'withdrawn' as const,
              note: '期末考试周未录入校历，课时不符，更正后重新签发。',
            },
          ]
        : []),
      ...(state === 'issued' ? [{ at: at + 3600, by: 'wang', what: 'approved' as const }] : []),
      { at, by: index > 0 ? 'hub' : head.madeBy, what: 'made' },
    ],
    letters:
      state === 'awaiting'
        ? [{ to: 'wang@jyj.example', at: at + 4, kind: 'awaiting', state: 'sent' }]
        : state === 'issued'
          ? [
              { to: 'li@jyj.example', at: at + 3605, kind: index > 0 ? 'revised' : 'issued', state: 'sent' },
              {
                to: 'provider@telecom.example',
                at: at + 3607,
                kind: index > 0 ? 'revised' : 'issued',
                state: 'failed',
                why: name(
                  '邮件服务器拒收：550 没有这个邮箱',
                  'refused by the mail server: 550 no such mailbox',
                ),
              },
            ]
          : [],
  };
}

function summaryOf({
  figures: { availability, coverage, schools, classes, platforms },
}: ReportHead): Figure[] {
  const percent = name('%', '%');
  const ratio = (zh: string, en: string, of: Share): Figure => ({
    title: name(zh, en),
    value: (Math.floor((of.part / of.of) * 10_000) / 100).toFixed(2),
    share: of,
    unit: percent,
  });
  const count = (zh: string, en: string, value: number, unit: Text): Figure => ({
    title: name(zh, en),
    value: String(value),
    unit,
  });
  const lessons = name('节', 'lessons');
  const minutes = name('分钟', 'minutes');
  const lost = availability.of - availability.part;
  return [
    ratio('校校通', 'every school connected', schools),
    ratio('班班通', 'every class', classes),
    ratio('人人通', 'everyone: platforms reached', platforms),
    ratio('可用率', 'availability', availability),
    ratio('覆盖率', 'coverage', coverage),
    count('课：正常', 'lessons: delivered', 958, lessons),
    count('课：降级', 'lessons: degraded', 7, lessons),
    count('课：中断', 'lessons: lost', Math.ceil(lost / 40), lessons),
    count('课：未上', 'lessons: not held', 12, lessons),
    count('课：未知', 'lessons: unknown', 9, lessons),
    count('损失分钟', 'minutes lost', lost, minutes),
    count('预算剩余', 'budget left', Math.floor(availability.of * 0.005) - lost, minutes),
    count('故障', 'incidents', 6, name('起', 'incidents')),
    { title: name('平均修复时间 MTTR', 'MTTR'), value: '41.3', unit: minutes },
    { title: name('平均无故障时间 MTBF', 'MTBF'), unit: name('小时', 'hours') },
  ];
}

export function changesBetween(from: number, to: number): Changes {
  const mole = county.schools.find(({ id }) => id === 'mole')?.name ?? name('', '');
  const summary = name('总览', 'Summary');
  const schools = name('学校排名', 'Schools, ranked');
  const text = (value: string): Text => name(value, value);
  return {
    from,
    to,
    changes: [
      {
        table: summary,
        row: name('可用率', 'availability'),
        column: name('数值', 'value'),
        before: text('98.44'),
        after: text('98.42'),
        kind: 'changed',
      },
      {
        table: schools,
        row: mole,
        column: name('可用率 %', 'availability %'),
        before: text('93.02'),
        after: text('92.42'),
        kind: 'changed',
      },
      {
        table: name('故障清单', 'Incidents'),
        row: text('i-20260112-3'),
        after: name('默勒小学 · 学校线路中断 · 运营商 · 20', 'Mole Primary · line cut · provider · 20'),
        kind: 'added',
      },
    ],
    more: 4,
  };
}

export const reportPeriods: ReportPeriods = {
  terms: [
    { name: '2025 秋', from: '2025-09-01', to: '2026-01-18' },
    { name: '2026 春', from: '2026-03-02', to: '2026-07-10' },
  ],
  objective: 9950,
};

export function scheduleAt(now: number): Schedule {
  return {
    on: true,
    scope: { kind: 'county', id: county.id },
    objective: 9950,
    language: 'zh',
    recipients: ['li@jyj.example', 'provider@telecom.example'],
    approval: true,
    approvers: ['wang@jyj.example'],
    next: { month: '2026-03', date: '2026-04-01', at: now + 22 * day },
    last: { month: '2026-02', at: now - day, report: 'r-5f2b7c10', outcome: 'awaiting' },
    trial: {
      to: 'lii@jyj.example',
      at: now - 600,
      state: 'failed',
      why: name('邮件服务器拒收：550 没有这个邮箱', 'refused by the mail server: 550 no such mailbox'),
    },
    problems: [],
  };
}
