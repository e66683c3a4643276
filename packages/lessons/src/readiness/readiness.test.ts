import { linkStates } from '@tongtang/model/link';
import { type LessonToCheck, type ReadinessState, readinessItems } from '@tongtang/model/readiness';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lessonWith, now, well } from './facts.fixture.ts';
import { type Facts, freshS, linkFreshS, pcStates } from './facts.ts';
import { findings } from './findings.ts';
import { needsOf } from './needs.ts';
import { rank, readinessOf } from './readiness.ts';
import { tell } from './telling.ts';

const known = <Value>(value: Value, at = now - 30) => ({ value, at });
const link = (links: Facts['links']): Facts => ({ ...well, links: { ...well.links, ...links } });

const bySatellite = lessonWith();
const byBroadband = lessonWith({ carrier: 'broadband' });
const recorded = lessonWith({ mode: 'recorded' });
const embedded = lessonWith({ mode: 'embedded', carrier: 'broadband' });
/** The same in three minutes. */
const soon = lessonWith({ start: now + 180 });

type Row = readonly [
  what: string,
  lesson: LessonToCheck,
  facts: Facts,
  state: ReadinessState,
  worst: string,
  zh: string,
];

const rows: readonly Row[] = [
  ['all is well', bySatellite, well, 'ready', 'pc/on', '电脑已开机'],
  ['all is well', byBroadband, well, 'ready', 'pc/on', '电脑已开机'],
  ['all is well', embedded, well, 'ready', 'pc/on', '电脑已开机'],
  ['nobody measures the files', recorded, well, 'unknown', 'files/unmeasured', '录播文件未测量'],
  [
    'recorded files came yesterday',
    recorded,
    { ...well, files: known({ entries: 212, newestAgeS: 90_000 }) },
    'ready',
    'pc/on',
    '电脑已开机',
  ],
  [
    'nothing was delivered for ten days',
    recorded,
    { ...well, files: known({ entries: 212, newestAgeS: 864_000 }) },
    'at-risk',
    'files/old',
    '最新的录播文件是 10 天前的',
  ],
  [
    'the folder of recorded files is empty',
    recorded,
    { ...well, files: known({ entries: 0, newestAgeS: 0 }) },
    'not-ready',
    'files/none',
    '没有录播文件',
  ],
  [
    'the folder of recorded files cannot be read',
    recorded,
    { ...well, files: known(undefined) },
    'at-risk',
    'files/unreadable',
    '录播文件夹不存在或不可读取',
  ],
  [
    'the folder was not looked at for long',
    recorded,
    { ...well, files: known({ entries: 9, newestAgeS: 60 }, now - 1800) },
    'unknown',
    'files/unknown',
    '没有最近几分钟的读数',
  ],
  ['nobody looks at recorded files, and none are needed', embedded, well, 'ready', 'pc/on', '电脑已开机'],
  [
    'the PC was switched off',
    bySatellite,
    { ...well, pc: { state: 'off', heardAt: now - 86_400 } },
    'at-risk',
    'pc/off',
    '电脑已关机（11-29 10:05）',
  ],
  [
    'the PC is lost',
    recorded,
    { ...well, pc: { state: 'lost', heardAt: now - 600 } },
    'not-ready',
    'pc/lost',
    '电脑失联，最后消息 09:55，本校其他电脑正常',
  ],
  [
    'the PC is lost since yesterday, and there is time left',
    byBroadband,
    { ...well, pc: { state: 'lost', heardAt: now - 7201 } },
    'at-risk',
    'pc/gone',
    '电脑没有消息，最后消息 08:04：没有开机，或断电断线',
  ],
  [
    'the PC is lost since yesterday, and there is none',
    soon,
    { ...well, pc: { state: 'lost', heardAt: now - 7201 } },
    'not-ready',
    'pc/lost',
    '电脑失联，最后消息 08:04，本校其他电脑正常',
  ],
  [
    'nothing is heard from a school since yesterday, and there is time left',
    byBroadband,
    { pc: { state: 'unheard', heardAt: now - 7201 }, links: {} },
    'at-risk',
    'broadband/not-heard-yet',
    '全校还没有消息，最后消息 08:04：没有开机，或断线断电',
  ],
  [
    'the classroom has no agent',
    bySatellite,
    { ...well, pc: { state: 'none' } },
    'unknown',
    'pc/none',
    '教室没有接入电脑，无法检查',
  ],
  [
    'nothing is heard from a school whose lesson needs its line',
    byBroadband,
    { pc: { state: 'unheard', heardAt: now - 600 }, links: {} },
    'not-ready',
    'broadband/unheard',
    '全校没有消息，最后消息 09:55：断线或停电',
  ],
  [
    'nothing is heard from a school whose lesson comes by satellite',
    bySatellite,
    { pc: { state: 'unheard', heardAt: now - 600 }, links: {} },
    'at-risk',
    'broadband/unheard',
    '全校没有消息，最后消息 09:55：断线或停电',
  ],
  [
    'the clock is two minutes off',
    embedded,
    { ...well, clockOffsetMs: known(-120_000) },
    'at-risk',
    'clock/wrong',
    '时钟相差 2 分钟',
  ],
  [
    'the disk is full, before a recorded lesson',
    recorded,
    { ...well, diskFreeBytes: known(2e8) },
    'not-ready',
    'disk/full',
    '磁盘已满，只剩 200 MB',
  ],
  [
    'the disk is full, before a live one',
    byBroadband,
    { ...well, diskFreeBytes: known(2e8) },
    'at-risk',
    'disk/full',
    '磁盘已满，只剩 200 MB',
  ],
  [
    'broadband is down, and carries it',
    byBroadband,
    link({ broadband: known('down') }),
    'not-ready',
    'broadband/down',
    '地网中断',
  ],
  [
    'broadband is down, and does not',
    bySatellite,
    link({ broadband: known('down') }),
    'at-risk',
    'broadband/down',
    '地网中断',
  ],
  [
    'broadband is degraded, and does not',
    bySatellite,
    link({ broadband: known('degraded') }),
    'ready',
    'pc/on',
    '电脑已开机',
  ],
  [
    'the receiver lost lock',
    bySatellite,
    link({ satellite: known('down'), stream: known('down') }),
    'not-ready',
    'satellite/down',
    '卫星未锁定',
  ],
  [
    'the receiver lost lock, and it does not matter',
    byBroadband,
    link({ satellite: known('down') }),
    'ready',
    'pc/on',
    '电脑已开机',
  ],
  [
    'there is little margin',
    bySatellite,
    { ...link({ satellite: known('degraded') }), marginDb: known(2.14) },
    'at-risk',
    'satellite/little-margin',
    '卫星已锁定，余量只有 2.1 dB',
  ],
  [
    'there is no stream yet',
    bySatellite,
    link({ stream: known('down') }),
    'at-risk',
    'stream/not-yet',
    '还没有直播流，前端可能尚未开播',
  ],
  [
    'there is no stream in time',
    soon,
    link({ stream: known('down') }),
    'not-ready',
    'stream/down',
    '没有直播流',
  ],
  [
    'nobody reads the receiver',
    bySatellite,
    { ...well, links: { ...well.links, satellite: known('unknown') } },
    'unknown',
    'satellite/unknown',
    '没有接收机的读数，天网情况不明',
  ],
  [
    'no platform answers',
    embedded,
    link({ platform: known('down') }),
    'not-ready',
    'platform/down',
    '资源平台不可达',
  ],
  [
    'an incident hits it',
    byBroadband,
    { ...well, incident: { id: 'i-7', from: now - 300 } },
    'at-risk',
    'incident/open',
    '有未恢复的故障，10:00 起',
  ],
  [
    'the Sun will stand behind its satellite',
    bySatellite,
    { ...well, sunOutage: { begin: now + 1200, end: now + 1800 } },
    'at-risk',
    'sun-outage/within',
    '课中有日凌，10:25 至 10:35',
  ],
  [
    'the Sun will stand behind a satellite that it does not need',
    byBroadband,
    { ...well, sunOutage: { begin: now + 1200, end: now + 1800 } },
    'ready',
    'pc/on',
    '电脑已开机',
  ],
  [
    'work was announced',
    byBroadband,
    { ...well, maintenance: { start: now, end: now + 7200 } },
    'at-risk',
    'maintenance/within',
    '课中有已公告的维护，10:05 至 12:05',
  ],
];

describe('the readiness of a lesson', () => {
  it.each(rows)('%s', (_, lesson, facts, state, worst, zh) => {
    const readiness = readinessOf(lesson, facts, now);
    expect(readiness.state).toBe(state);
    const [first] = readiness.checks;
    expect(`${first?.item}/${first?.found}`).toBe(worst);
    expect(first && tell(first, now, 'Asia/Shanghai')?.why.zh).toBe(zh);
  });

  it('does not take what was measured long ago for the present', () => {
    const { checks } = readinessOf(embedded, { ...well, diskFreeBytes: known(81e9, now - freshS - 1) }, now);
    expect(checks[0]).toEqual({ item: 'disk', found: 'unknown', state: 'unknown' });
    const old = link({ platform: known('good', now - linkFreshS - 1) });
    expect(readinessOf(embedded, old, now).checks[0]).toMatchObject({ item: 'platform', found: 'unknown' });
  });

  it('tells every item that the lesson needs, the worst first', () => {
    const { checks } = readinessOf(bySatellite, { pc: { state: 'off' }, links: {} }, now);
    expect(checks.map(({ item }) => item)).toEqual([
      'pc',
      'clock',
      'disk',
      'lan',
      'broadband',
      'satellite',
      'stream',
    ]);
    expect(checks.map(({ state }) => state)).toEqual(['at-risk', ...Array(6).fill('unknown')]);
  });
});

describe('the table of findings', () => {
  it('says what is to be done wherever something keeps a lesson from being ready', () => {
    for (const item of readinessItems)
      for (const [found, row] of Object.entries(findings[item]))
        if (rank(row.must) > rank('unknown')) expect(row, `${item}/${found}`).toHaveProperty('todo');
  });

  it('never takes a finding more easily where the lesson needs it', () => {
    for (const item of readinessItems)
      for (const [found, { must, may }] of Object.entries(findings[item]))
        expect(rank(must), `${item}/${found}`).toBeGreaterThanOrEqual(rank(may));
  });

  it('leaves no blank unfilled, in either language', () => {
    for (const item of readinessItems)
      for (const found of Object.keys(findings[item])) {
        const check = { item, found, state: 'ready', figure: 100, from: now, to: now } as const;
        const told = tell(check, now, 'Asia/Shanghai');
        expect(`${told?.why.zh} ${told?.why.en}`).not.toMatch(/[{}]|undefined/);
      }
  });
});

/** Facts from the best to the worst that can be measured; what follows is never better. */
const worse = {
  pc: ['on', 'asleep', 'lost'],
  clockOffsetMs: [0, 59_000, 90_000, 1e9],
  diskFreeBytes: [1e12, 4e9, 1e8],
  marginDb: [9, 3, 2, -1],
  link: ['good', 'degraded', 'down'],
} as const;
const at = now - 10;
const grades = fc.record({
  pc: fc.nat(worse.pc.length - 1),
  clockOffsetMs: fc.nat(worse.clockOffsetMs.length - 1),
  diskFreeBytes: fc.nat(worse.diskFreeBytes.length - 1),
  marginDb: fc.nat(worse.marginDb.length - 1),
  lan: fc.nat(2),
  broadband: fc.nat(2),
  satellite: fc.nat(2),
  stream: fc.nat(2),
  platform: fc.nat(2),
});
const gradeNames = [
  'pc',
  'clockOffsetMs',
  'diskFreeBytes',
  'marginDb',
  'lan',
  'broadband',
  'satellite',
  'stream',
  'platform',
] as const;
type Grades = Record<(typeof gradeNames)[number], number>;

function factsOf(grade: Grades): Facts {
  const of = (one: number) => known(worse.link[one] ?? 'down', at);
  return {
    pc: { state: worse.pc[grade.pc] ?? 'lost' },
    clockOffsetMs: known(worse.clockOffsetMs[grade.clockOffsetMs] ?? 0, at),
    diskFreeBytes: known(worse.diskFreeBytes[grade.diskFreeBytes] ?? 0, at),
    marginDb: known(worse.marginDb[grade.marginDb] ?? 0, at),
    links: {
      lan: of(grade.lan),
      broadband: of(grade.broadband),
      satellite: of(grade.satellite),
      stream: of(grade.stream),
      platform: of(grade.platform),
    },
  };
}

const lessons = fc.record({
  mode: fc.constantFrom('live', 'recorded', 'embedded'),
  carrier: fc.constantFrom('satellite', 'broadband'),
  start: fc.integer({ min: now, max: now + 1800 }),
  end: fc.constant(now + 4000),
});

function withoutReading(name: 'clockOffsetMs' | 'diskFreeBytes'): Facts {
  const { [name]: _, ...rest } = well;
  return rest;
}

describe('whatever is measured', () => {
  it('a worse fact never makes a lesson readier', () => {
    fc.assert(
      fc.property(lessons, grades, grades, (lesson, one, other) => {
        const worst = { ...one };
        for (const key of gradeNames) worst[key] = Math.max(one[key], other[key]);
        const [better, after] = [one, worst].map((each) => readinessOf(lesson, factsOf(each), now).state);
        expect(rank(after ?? 'ready')).toBeGreaterThanOrEqual(rank(better ?? 'not-ready'));
      }),
    );
  });

  it('a lesson is not ready where something that it needs is not known', () => {
    const forget = fc.constantFrom(
      'clockOffsetMs',
      'diskFreeBytes',
      'lan',
      'broadband',
      'satellite',
      'stream',
      'platform',
    );
    fc.assert(
      fc.property(lessons, forget, fc.constantFrom(...linkStates), (lesson, name, state) => {
        const facts: Facts =
          name === 'clockOffsetMs' || name === 'diskFreeBytes'
            ? withoutReading(name)
            : link({ [name]: known(state, now - linkFreshS - 1) });
        const item = name === 'clockOffsetMs' ? 'clock' : name === 'diskFreeBytes' ? 'disk' : name;
        const needed = needsOf(lesson)[item] !== undefined;
        const { state: found } = readinessOf(lesson, facts, now);
        expect(found === 'ready').toBe(!needed && lesson.mode !== 'recorded');
      }),
    );
  });

  it('a lesson is ready only where the PC is on', () => {
    fc.assert(
      fc.property(lessons, fc.constantFrom(...pcStates), (lesson, state) => {
        const { state: found } = readinessOf(lesson, { ...well, pc: { state } }, now);
        expect(found === 'ready').toBe(state === 'on' && lesson.mode !== 'recorded');
      }),
    );
  });
});
