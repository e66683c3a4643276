import { resolve } from 'node:path';
import { startFixture } from '@tongtang/hub/http/http.fixture';
import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import { encodeMinutes } from '@tongtang/lessons/delivery/runs';
import { buildInventory } from '@tongtang/model/inventory';
import type { ReadinessCheck, ReadinessState } from '@tongtang/model/readiness';
import type { Timetable } from '@tongtang/model/timetable';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, startChromium, type Visit, visit } from './browser.ts';

/** The board of lessons in a real browser, on the API of a real hub whose clock the test sets. */

const at = (clock: string, day = '2026-01-05'): number => Date.parse(`${day}T${clock}:00+08:00`) / 1000;
/** A Monday; the second period is on. */
let now = at('09:31');

const lesson = {
  school: 'hb3z',
  class: 'c1',
  weekday: 1,
  period: 1,
  subject: '数学',
  mode: 'live',
  carrier: 'satellite',
  weeks: 'every',
} as const;
const timetable: Timetable = {
  terms: [{ name: '2025 秋', from: '2025-09-01', to: '2026-01-31' }],
  bells: [
    {
      from: '2025-09-01',
      periods: [
        { n: 1, start: '08:30', end: '09:10' },
        { n: 2, start: '09:20', end: '10:00' },
        { n: 3, start: '10:20', end: '11:00' },
      ],
    },
  ],
  days: [{ kind: 'holiday', from: '2026-01-06', to: '2026-01-06', note: '校运会' }],
  lessons: [
    lesson,
    { ...lesson, period: 2, subject: '物理', frontEnd: 'cd7z' },
    { ...lesson, class: 'c2', period: 2, subject: '英语', mode: 'recorded' },
    { ...lesson, period: 3, subject: '语文' },
    { ...lesson, school: 'babao', period: 3, subject: '科学', mode: 'embedded', carrier: 'broadband' },
  ],
  changes: [{ kind: 'cancelled', date: '2026-01-05', school: 'babao', class: 'c1', period: 3 }],
};

const cleanUp: (() => unknown)[] = [];
let hub: Awaited<ReturnType<typeof startFixture>>;
let browser: Browser;
let here: Visit;

beforeAll(async () => {
  buildConsole();
  const consoleFolder = resolve(import.meta.dirname, '../../packages/console/dist');
  hub = await startFixture({ consoleFolder }, { nowS: () => now });
  cleanUp.push(() => hub.stop());
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    frontEndSchools: [{ id: 'cd7z', name: { zh: '成都七中' }, mode: 'live' }],
    schools: [
      { id: 'hb3z', name: { zh: '海北三中', en: 'Haibei No. 3' }, mode: 'live', classes: 2 },
      { id: 'babao', name: { zh: '八宝小学', en: 'Babao' }, mode: 'embedded', classes: 1 },
    ],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  hub.registry.importInventory(built.inventory, 'test');
  hub.registry.importTimetable('qilian', timetable, 'test');
  browser = await startChromium();
  cleanUp.push(() => browser.close());
  here = await open({ locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A browser window of a technician. */
async function open(options: Parameters<typeof visit>[1]): Promise<Visit> {
  const extraHTTPHeaders = { authorization: `Bearer ${hub.tokens.technician}` };
  const opened = await visit(browser, { ...options, extraHTTPHeaders });
  opened.page.setDefaultTimeout(10_000);
  return opened;
}

function check(of: string, period: 1 | 2, state: ReadinessState, checks: readonly ReadinessCheck[]): void {
  const start = at(period === 1 ? '08:30' : '09:20');
  const readiness = { state, at: start - 300, checks };
  hub.readiness.keep('qilian', [{ school: 'hb3z', class: of, start, readiness }]);
}

const lost: ReadinessCheck = { item: 'pc', found: 'lost', state: 'not-ready', from: at('09:02') };
const enough: ReadinessCheck = { item: 'disk', found: 'enough', state: 'ready', figure: 81e9 };

const choose = (page: Page, name: string) => page.getByRole('radio', { name, exact: true }).check();
const board = (page: Page) => page.locator('.lesson-grid tbody tr:not(.lesson-school)');

describe('the board of lessons', () => {
  it('says how to enter a timetable where there is none', async () => {
    await here.page.goto(`${hub.address}/lessons?county=local`);
    await here.page.getByRole('heading', { name: '还没有课表' }).waitFor();
    await here.page.getByText('npx tongtang timetable import timetable.xlsx').waitFor();
    const link = here.page.getByRole('link', { name: '录入课表' });
    expect(await link.getAttribute('href')).toBe('/timetable?county=local');
    await here.page.getByText('清单中没有课时').waitFor();
  });

  it('has a row for each class and a column for each period, with what is on and what comes next', async () => {
    check('c1', 1, 'ready', [enough]);
    check('c1', 2, 'not-ready', [lost, enough]);
    const { page } = here;
    await page.getByRole('combobox', { name: '县' }).selectOption('qilian');
    await page.getByText('第 2 节进行中，还有 29分钟').waitFor();
    await page.getByText('下一节：第 3 节，10:20 开始，还有 49分钟').waitFor();
    expect(await page.locator('thead th.is-running').textContent()).toContain('第 2 节');
    const rows = (await board(page).allInnerTexts()).map((row) => row.split(/\s+/).filter(Boolean).join(' '));
    expect(rows).toEqual([
      '网班 1 数学 直播 天网 就绪 物理 直播 天网 未就绪 语文 直播 天网 待检查',
      '网班 2 英语 录播 天网 未检查',
      '网班 1 科学 植入式 地网 停课',
    ]);
  });

  it('tells of a lesson what was checked, why it is as it is, and what to do', async () => {
    const { page } = here;
    await page.getByRole('button', { name: /物理/ }).click();
    const dialog = page.getByRole('dialog', { name: '海北三中 · 网班 1' });
    await dialog.getByText('09:15 检查').waitFor();
    await dialog.getByText('前端：成都七中').waitFor();
    expect(await dialog.locator('.lesson-checks > div').allInnerTexts()).toEqual([
      expect.stringMatching(
        /电脑[\s\S]*电脑失联，最后消息 09:02，本校其他电脑正常[\s\S]*处理：看电脑是否有电/,
      ),
      expect.stringMatching(/磁盘[\s\S]*磁盘剩余 81.0 GB/),
    ]);
    expect(await dialog.getByRole('link', { name: '查看教室' }).getAttribute('href')).toBe(
      '/classrooms/qilian/hb3z/c1',
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows only what is at risk where that is asked for, also after a reload', async () => {
    const { page } = here;
    await choose(page, '只看有风险');
    await page.reload();
    await page.locator('.lesson').first().waitFor();
    expect(await page.locator('.lesson-subject').allInnerTexts()).toEqual(['物理']);
    check('c1', 2, 'ready', [enough]);
    await page.reload();
    await page.getByText('没有发现有风险的课').waitFor();
    await choose(page, '全部');
    await page.locator('.lesson').first().waitFor();
  });

  it('says why a day has no lessons', async () => {
    const { page } = here;
    await choose(page, '明天');
    await page.getByText('校运会，没有课。').waitFor();
    expect(page.url()).toContain('date=2026-01-06');
    await choose(page, '昨天');
    await page.getByText('周末，没有课。').waitFor();
  });

  it('fetches anew by itself', async () => {
    const { page } = here;
    await choose(page, '今天');
    await page.locator('.lesson').first().waitFor();
    check('c2', 2, 'at-risk', [{ item: 'clock', found: 'wrong', state: 'at-risk', figure: 240 }]);
    await page.getByRole('button', { name: /英语/ }).getByText('有风险').waitFor({ timeout: 60_000 });
  }, 90_000);

  it.each([
    ['zh-CN', 'light', '第 3 节', '已结束'],
    ['en-GB', 'dark', 'Period 3', 'over'],
  ] as const)(
    'has on a phone what comes next before what is over (%s, %s)',
    async (locale, colorScheme, first, over) => {
      now = at('10:02');
      const viewport = { width: 360, height: 740 };
      const { page, complaints } = await open({
        locale,
        colorScheme,
        viewport,
        isMobile: true,
        hasTouch: true,
      });
      await page.goto(`${hub.address}/lessons?county=qilian`);
      await page.locator('.lesson').first().waitFor();
      const headings = await page.locator('.lesson-list h2').allInnerTexts();
      expect(headings).toHaveLength(3);
      expect(headings[0]).toContain(first);
      expect(headings[2]).toContain(over);
      const root = 'document.documentElement';
      expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
      await page.locator('.lesson').first().click();
      await page.locator('dialog .lesson-detail').waitFor();
      expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('shows of a lesson that is over what became of it, beside what was found before', async () => {
    now = at('10:10');
    const down = Array.from({ length: 1440 }, (): MinuteState => 'down');
    const up = down.map((): MinuteState => 'good');
    const seat = { agent: 'a-1', kind: 'classroom', school: 'hb3z', classroom: 'c1' } as const;
    const minutes = {
      machine: up,
      links: new Map([['satellite', down] as const, ['broadband', down] as const]),
    };
    hub.minutes.keep('qilian', '2026-01-05', seat, encodeMinutes(minutes));
    hub.minutes.settled('qilian', now);
    const { page } = here;
    await page.goto(`${hub.address}/lessons?county=qilian`);
    const cell = page.getByRole('button', { name: /数学/ });
    await cell.getByText('中断').waitFor();
    await cell.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('中断 40 分钟').waitFor();
    await dialog.getByText('损失 40 分钟：原因不明').waitFor();
    expect(await dialog.getByRole('heading', { name: '课前检查' }).textContent()).toContain('就绪');
    await page.keyboard.press('Escape');
  });

  it('gave the browser nothing to complain of', () => {
    expect(here.complaints).toEqual([]);
  });
});
