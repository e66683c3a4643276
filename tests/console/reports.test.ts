import { buildInventory } from '@tongtang/model/inventory';
import { daysOf, monthPeriod, type Period } from '@tongtang/reports/period';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepDays } from '../services/kept-minutes.ts';
import { dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';
import { buildConsole, startChromium, type Visit, visit } from './browser.ts';
import { phones, signInLink } from './console-on-hub.ts';

/**
 * The bureau's pages as they are shipped, in a real browser, on a real hub that has kept two months. The tests go on where the one
 * before ended, as a visit does.
 */

const source = {
  county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  schools: [
    { id: 'hb3z', name: { zh: '海北三中', en: 'Haibei No. 3' }, mode: 'live', classes: 2 },
    { id: 'babao', name: { zh: '八宝小学', en: 'Babao' }, mode: 'embedded', classes: 1 },
  ],
  periods: [
    { n: 1, start: '08:30', end: '09:10' },
    { n: 2, start: '09:20', end: '10:00' },
  ],
} satisfies Parameters<typeof buildInventory>[0];

/** The month before that of a day. */
function monthBefore(day: string): Period {
  const before = new Date(Date.parse(`${day.slice(0, 7)}-01T00:00Z`) - 86_400_000).toISOString().slice(0, 7);
  const period = monthPeriod(before);
  if (period === undefined) throw new Error(`no month ${before}`);
  return period;
}

const built = buildInventory(source);
if ('problems' in built) throw new Error(built.problems.join('; '));
const { inventory } = built;
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const month = monthBefore(today);
const earlier = monthBefore(month.from);
/** Its line is cut for 20 minutes of the first lesson of a school day. */
const cut = {
  school: 'babao',
  date: daysOf(month).find((day) => new Date(day).getUTCDay() % 6 !== 0) ?? month.from,
  from: '08:40',
  to: '09:00',
} as const;

const data = dataFolder();
const cleanUp: (() => unknown)[] = [data.remove];
let hub: TestHub;
let browser: Browser;
let here: Visit;
/** What the hub refused because of somebody's role: pages ask for nothing of the kind. */
const forbidden: string[] = [];

beforeAll(async () => {
  buildConsole();
  const environment = { TONGTANG_DATA: data.path };
  await tongtang(['inventory', 'import', '-'], environment, JSON.stringify(source));
  await tongtang(['inventory', 'remove', 'local'], environment);
  keepDays(data.path, inventory, [...daysOf(earlier), ...daysOf(month)], [cut]);
  hub = await startTestHub(data.path);
  cleanUp.push(() => hub.process().stop());
  for (const [name, role] of [
    ['wang', 'bureau'],
    ['li', 'technician'],
  ] as const) {
    const added = await tongtang(['user', 'add', name, '--role', role], hub.environment, 'a long password\n');
    expect(added.code, added.output).toBe(0);
  }
  browser = await startChromium();
  cleanUp.push(() => browser.close());
  here = await open('wang', { locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
}, 120_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(user: string, options: Parameters<typeof visit>[1]): Promise<Visit> {
  const opened = await visit(browser, options);
  opened.page.setDefaultTimeout(20_000);
  opened.page.on('response', (response) => {
    if (response.status() === 403) forbidden.push(response.url());
  });
  await opened.page.goto(await signInLink(hub, user));
  return opened;
}

const row = (page: Page, period: Period) => page.locator('tr.report', { hasText: period.title.zh });

/** Asks for the report of a month by the form, and waits until it is made. */
async function issue(page: Page, { from }: Period, becomes: string | RegExp): Promise<void> {
  await page.getByRole('link', { name: '报告', exact: true }).first().click();
  await page.getByRole('button', { name: '签发报告' }).first().click();
  await page.getByLabel('月份').selectOption(from.slice(0, 7));
  await page.getByRole('dialog').getByRole('button', { name: '签发', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('.report-jobs').getByText(becomes).first().waitFor({ timeout: 60_000 });
}

describe('who has the role bureau', () => {
  it('begins with the reports when signed in, and is led to nothing operational', async () => {
    const { page } = here;
    await page.getByRole('heading', { name: '报告' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/reports');
    expect(await page.locator('.navigation a').allInnerTexts()).toEqual(['报告', '走访']);
    await page.getByText('还没有签发过报告').waitFor();
  });

  it('is told kindly whom an operational page is for, and how to come back', async () => {
    const { page } = here;
    for (const path of ['/incidents', '/classrooms/qilian/hb3z/c1', '/lessons', '/maintenance']) {
      await page.goto(`${hub.url}${path}`);
      await page.getByRole('heading', { name: '这个页面供运维人员使用。' }).waitFor();
    }
    await page.getByRole('link', { name: '全部报告' }).last().click();
    await page.getByText('还没有签发过报告').waitFor();
    await page.goto(`${hub.url}/nowhere`);
    await page.getByRole('heading', { name: '没有这个页面。' }).waitFor();
  });
});

describe('a report', () => {
  it('is asked for by a form, made meanwhile, and stands in the list', { timeout: 120_000 }, async () => {
    const { page } = here;
    await issue(page, month, '第 1 版已签发');
    await row(page, month).getByText('已签发').waitFor();
    expect(await row(page, month).textContent()).toMatch(
      /祁连县 全县[\s\S]*99\.\d\d %[\s\S]*已知 \d+\.\d\d %/,
    );
    expect(await row(page, month).textContent()).toContain('wang');
    await row(page, month).getByRole('link', { name: month.title.zh }).first().click();
    await page.getByRole('heading', { name: `${month.title.zh} · 祁连县` }).waitFor();
  });

  it('shows the figures that its files have', async () => {
    const { page } = here;
    const file = (query: string) =>
      page.request.get(`${page.url().replace('/reports/', '/api/v1/reports/')}/file?${query}`);
    const json = await (await file('format=json')).json();
    const figures = await page.locator('.report-figures').textContent();
    expect(figures).toContain(`${json.lessons.availability.part}/${json.lessons.availability.of}`);
    expect(figures).toMatch(/损失分钟\s*20 分钟/);
    const tile = page.locator('.report-tiles > div', { hasText: '可用率' });
    const { part, of } = json.lessons.availability;
    expect(await tile.textContent()).toContain(`${(Math.floor((part * 10_000) / of) / 100).toFixed(2)} %`);
    expect(await (await file('format=csv')).body()).toEqual(
      expect.toSatisfy((zip: Buffer) => zip.subarray(0, 2).toString() === 'PK'),
    );
  });

  it('says in plain words how complete it is', async () => {
    const panel = here.page.getByRole('region', { name: '数据是否完整' });
    await panel.getByText(/全部课时分钟中已知 \d+\.\d\d %。/).waitFor();
    await panel.getByText('2 所学校每天都有数据。').waitFor();
    await panel.getByText('输入数据的版本').click();
    await panel.getByText('分钟数据指纹').waitFor();
  });

  it('is opened to be read in a tab of its own, and downloaded', { timeout: 120_000 }, async () => {
    const { page } = here;
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: '打开阅读、打印' }).click();
    const tab = await opened;
    await tab.getByRole('heading', { level: 1 }).waitFor();
    // The hub lets the page have its own style, and nothing else.
    const style = "getComputedStyle(document.querySelector('h2')).borderBottomStyle";
    expect(await tab.evaluate(style)).toBe('solid');
    await tab.close();
    for (const [name, ending] of [
      ['XLSX', 'xlsx'],
      ['CSV', 'zip'],
      ['PDF', 'pdf'],
    ] as const) {
      const downloaded = page.waitForEvent('download', { timeout: 60_000 });
      await page.getByRole('link', { name, exact: true }).click();
      const download = await downloaded;
      expect(download.suggestedFilename()).toMatch(new RegExp(`^祁连县 ${month.title.zh}.*\\.${ending}$`));
      expect(await download.failure()).toBeNull();
    }
  });

  it('of which nothing has changed makes no revision', { timeout: 120_000 }, async () => {
    await issue(here.page, month, '没有变化，与第 1 版相同');
    expect(await here.page.locator('tr.report').count()).toBe(1);
  });

  it('that late data make another is a revision, with what changed', { timeout: 180_000 }, async () => {
    await hub.process().stop();
    keepDays(data.path, inventory, daysOf({ from: cut.date, to: month.to }), []);
    await hub.start();
    const { page } = here;
    await page.reload();
    await issue(page, month, '第 2 版已签发');
    await row(page, month).getByText('第 2 版').waitFor();
    await row(page, month).getByRole('link', { name: month.title.zh }).first().click();
    await page.getByRole('link', { name: /与上一版有 \d+ 处不同/ }).click();
    const changes = page.getByRole('region', { name: '第 1 版到第 2 版的变化' });
    const lost = changes.getByRole('row', { name: /^损失分钟 总览/ });
    await lost.waitFor();
    expect((await lost.getByRole('cell').allInnerTexts()).slice(1)).toEqual(['20', '0']);
    await page.getByRole('link', { name: '查看: 第 1 版' }).click();
    await page.getByText('这是较早的一版，最新为第 2 版。').waitFor();
    expect(await page.locator('.report-figures').textContent()).toMatch(/损失分钟\s*20 分钟/);
  });

  it('stands beside another of the county', { timeout: 120_000 }, async () => {
    const { page } = here;
    await issue(page, earlier, '第 1 版已签发');
    await row(page, earlier).getByRole('link', { name: earlier.title.zh }).first().click();
    await page.getByLabel('选择报告').selectOption({ label: `${month.title.zh} · 祁连县` });
    const compared = page.getByRole('region', { name: '与另一份报告比较' });
    const known = compared.getByRole('row', { name: /^可用率 %/ });
    await known.waitFor();
    expect(await known.getByRole('cell').allInnerTexts()).toEqual(['100.00', '100.00', '0.00']);
    await page.reload();
    await known.waitFor();
  });

  it('goes in the order of the column that is chosen', async () => {
    const { page } = here;
    await page.goto(`${hub.url}/reports`);
    const periods = () => page.locator('.report-what a').allInnerTexts();
    await row(page, month).waitFor();
    expect(await periods()).toEqual([month.title.zh, earlier.title.zh]);
    await page.getByRole('button', { name: '时段与范围' }).click();
    expect(await periods()).toEqual([earlier.title.zh, month.title.zh]);
    expect(await page.getByRole('columnheader', { name: '时段与范围' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
  });

  it('of one school is found under it', { timeout: 120_000 }, async () => {
    const { page } = here;
    await page.getByLabel('范围').selectOption({ label: '八宝小学' });
    await page.getByText('这所学校还没有报告。').waitFor();
    await page.getByRole('button', { name: '签发报告' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: '签发', exact: true }).click();
    await page.locator('tr.report', { hasText: '八宝小学 学校' }).waitFor({ timeout: 60_000 });
    expect(await page.locator('tr.report').count()).toBe(1);
  });
});

describe('approval and schedule', () => {
  it('are set by the bureau, and kept', async () => {
    const { page } = here;
    await page.goto(`${hub.url}/reports/schedule`);
    await page.getByText('未开启：只有人工签发。').waitFor();
    await page.getByLabel('收件人').fill('局长');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('不是邮箱地址：局长').waitFor();
    await page.getByLabel('收件人').fill('li@jyj.example，wang@jyj.example');
    const approvers = page.getByLabel('由谁批准');
    expect(await approvers.isVisible()).toBe(false);
    await page.getByLabel('发出之前须经批准').check();
    await page.getByLabel('每月签发').check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存。').waitFor();
    await page.getByText('报告须经批准，但没有填写审批人').waitFor();
    await approvers.fill('局长');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('不是邮箱地址：局长').waitFor();
    await approvers.fill('zhao@jyj.example');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('报告须经批准，但没有填写审批人').waitFor({ state: 'detached' });
    await page.reload();
    expect(await page.getByLabel('收件人').inputValue()).toBe('li@jyj.example\nwang@jyj.example');
    expect(await page.getByLabel('发出之前须经批准').isChecked()).toBe(true);
    expect(await approvers.inputValue()).toBe('zhao@jyj.example');
    // Who is not asked meanwhile is not forgotten.
    await page.getByLabel('发出之前须经批准').uncheck();
    await approvers.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存。').waitFor();
    await page.reload();
    await page.getByLabel('发出之前须经批准').check();
    expect(await approvers.inputValue()).toBe('zhao@jyj.example');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存。').waitFor();
  });

  it('say what a test letter lacks', async () => {
    const { page } = here;
    await page.getByLabel('邮箱地址', { exact: true }).fill('li@jyj.example');
    await page.getByRole('button', { name: '发送测试邮件' }).click();
    await page.getByText('没有发出：中心没有可用的邮件渠道').waitFor();
  });

  it('let a report wait until somebody approves it', { timeout: 120_000 }, async () => {
    const { page } = here;
    await page.getByRole('link', { name: '报告', exact: true }).first().click();
    await page.getByRole('button', { name: '签发报告' }).first().click();
    await page.getByRole('radio', { name: '起止日期' }).check();
    await page.getByLabel('第一天').fill(month.to);
    await page.getByLabel('最后一天').fill(month.from);
    const submit = page.getByRole('dialog').getByRole('button', { name: '签发', exact: true });
    await submit.click();
    await page.getByText('最后一天不能早于第一天。').waitFor();
    await page.getByLabel('第一天').fill(month.from);
    await page.getByLabel('最后一天').fill(month.to);
    await submit.click();
    const waiting = page.locator('tr.report', { hasText: '待批准' });
    await waiting.waitFor({ timeout: 60_000 });
    await waiting.getByRole('link').first().click();
    await page.getByText('本版尚未发给任何人，须先批准。').waitFor();
    await page.getByText('待批准通知 → zhao@jyj.example: 发送中').waitFor();

    const technician = await open('li', { locale: 'zh-CN' });
    await technician.page.goto(page.url());
    await technician.page.getByText('由教育局或管理员批准。').waitFor();
    expect(await technician.page.getByRole('button', { name: '批准' }).count()).toBe(0);
    await technician.page.goto(`${hub.url}/reports/schedule`);
    await technician.page.getByText('由教育局或管理员更改。').waitFor();
    expect(await technician.page.getByLabel('收件人').isDisabled()).toBe(true);
    expect(technician.complaints).toEqual([]);
    await technician.page.context().close();

    await page.getByRole('button', { name: '批准' }).click();
    await page.getByLabel('备注').fill('数字已核对');
    await page.getByRole('dialog').getByRole('button', { name: '批准' }).click();
    await page.getByText('已批准。').waitFor();
    const revisions = page.getByRole('region', { name: '版本' });
    await revisions.getByText('数字已核对').waitFor();
    await revisions.getByText('已签发').waitFor();
    // There is no mailbox.
    await revisions.getByText('zhao@jyj.example: 发出前已有处理，未发').waitFor();
  });

  it('take a report back, with the reason', async () => {
    const { page } = here;
    await page.getByRole('button', { name: '撤回' }).click();
    await page.getByLabel('原因').fill('校历有误');
    await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click();
    await page.getByText('本报告已撤回，不再作为依据。').waitFor();
    await page.getByRole('region', { name: '版本' }).getByText('校历有误').waitFor();
  });
});

describe('the pages of reports', () => {
  it.each(phones)('fit a phone of 360 pixels (%s, %s)', { timeout: 60_000 }, async (locale, colorScheme) => {
    const viewport = { width: 360, height: 740 };
    const { page, complaints } = await open('wang', {
      locale,
      colorScheme,
      viewport,
      isMobile: true,
      hasTouch: true,
    });
    const fits = async (): Promise<void> => {
      const root = 'document.documentElement';
      expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
    };
    await page.locator('tr.report').first().waitFor();
    await fits();
    await page
      .getByRole('button', { name: /^(签发报告|Issue a report)$/ })
      .first()
      .click();
    await page.locator('dialog').waitFor();
    await fits();
    await page.keyboard.press('Escape');
    await page
      .locator('tr.report', { hasText: /第 2 版|Revision 2/ })
      .getByRole('link')
      .first()
      .click();
    await page.locator('.report-revisions a[href*="from="]').click();
    await page.locator('.report-table tbody tr').first().waitFor();
    await fits();
    await page.goto(`${hub.url}/reports/schedule`);
    await page.locator('textarea').last().waitFor();
    await fits();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('gave the browser nothing to complain of, and asked for nothing that a role may not have', () => {
    expect(here.complaints).toEqual([]);
    expect(forbidden).toEqual([]);
  });
});
