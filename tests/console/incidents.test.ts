import { resolve } from 'node:path';
import { adminToken, nowS, startFixture } from '@tongtang/hub/http/http.fixture';
import { someIncidents } from '@tongtang/hub/http/incidents.fixture';
import { deskInMemory } from '@tongtang/hub/incidents/desk.fixture';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { buildConsole, startChromium, type Visit, visit } from './browser.ts';
import { phones } from './console-on-hub.ts';

/**
 * Incidents and maintenance windows in a real browser, on the HTTP side of a hub that keeps them in memory. Its present is
 * a Monday, 16:00 in the county. The tests go on where the one before ended, as a visit does.
 */

const incidents = someIncidents('local', 'hb3z', ['c1', 'c2'], nowS);
const inventory = {
  county: { id: 'local', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  schools: [
    { id: 'hb3z', name: { zh: '海北三中', en: 'Haibei No. 3' }, classes: 2 },
    { id: 'arou', name: { zh: '阿柔小学', en: 'Arou Primary' }, classes: 1 },
  ],
};

const cleanUp: (() => unknown)[] = [];
let hub: Awaited<ReturnType<typeof startFixture>>;
let browser: Browser;
let here: Visit;

beforeAll(async () => {
  buildConsole();
  const consoleFolder = resolve(import.meta.dirname, '../../packages/console/dist');
  hub = await startFixture({ consoleFolder }, { incidents: deskInMemory(incidents) });
  cleanUp.push(hub.stop);
  const imported = await hub.ask('PUT', '/api/v1/inventory/local', inventory, adminToken);
  expect(imported.body).toMatchObject({ added: expect.anything() });
  browser = await startChromium();
  cleanUp.push(() => browser.close());
  here = await visit(browser, { locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
  here.page.setDefaultTimeout(10_000);
  await signIn(here.page);
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function signIn(page: Page): Promise<void> {
  const link = hub.registry.createSignInLink('a-technician', 'test');
  await page.goto(`${hub.address}/#sign-in=${link?.token}`);
  await page.locator('nav.navigation').waitFor();
}

/** What can be used and has no name that could be read out. */
async function nameless(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot();
  return tree
    .split('\n')
    .filter((line) => /^\s*- (button|link|textbox|combobox|checkbox|radio|table|dialog)(?! ")/.test(line));
}

describe('incidents in the console', () => {
  it('are told of on the first page, the gravest by name', async () => {
    const { page } = here;
    const strip = page.getByRole('region', { name: '1 个未解决的故障' });
    await strip.getByRole('link', { name: '海北三中 · 地网：学校线路中断' }).waitFor();
    await strip.getByRole('link', { name: '1 个未解决的故障' }).click();
    await page.waitForURL('**/incidents');
    expect(await page.locator('.navigation [aria-current=page]').textContent()).toBe('故障');
  });

  it('stand in a list with the lessons that they hit and since when, in the time of the county', async () => {
    const { page } = here;
    const row = page.getByRole('row', { name: '海北三中' });
    await row.waitFor();
    expect(await row.locator('td').allInnerTexts()).toEqual([
      '严重',
      '海北三中 · 地网\n学校线路中断 可以确定',
      '15:50 10分钟',
      '2 节课受影响 正在上：15:40 网班 1 英语',
      '未解决',
    ]);
    expect(await nameless(page)).toEqual([]);
  });

  it('can be looked for by time and school; what is found is in the address', async () => {
    const { page } = here;
    await page.getByRole('radio', { name: '今天' }).check();
    await page.getByRole('row', { name: '网班 1 · 教室电脑' }).getByText('已恢复').waitFor();
    await page.getByLabel('学校').selectOption({ label: '阿柔小学' });
    await page.getByText('该时段没有故障').waitFor();
    expect(new URL(page.url()).search).toBe('?span=today&school=local%2Farou');
    await page.getByRole('radio', { name: '未解决' }).check();
    await page.getByText('没有未解决的故障').waitFor();
    await page.goBack();
    await page.getByLabel('学校').selectOption({ label: '全部学校' });
    await page.getByRole('link', { name: '海北三中 · 地网' }).click();
    await page.waitForURL('**/incidents/cut-hb3z');
  });

  it('each says what broke, what to check first, what was seen, and when it showed where', async () => {
    const { page } = here;
    await page.getByRole('heading', { name: '海北三中 · 地网：学校线路中断', level: 1 }).waitFor();
    await page.getByText('自 15:50 起，已 10分钟').waitFor();
    expect(await page.locator('.checks li').count()).toBe(3);
    await page.getByRole('region', { name: '所见' }).getByText('学校网关有应答').waitFor();
    const lessons = page.getByRole('region', { name: '受影响的课' });
    expect(await lessons.getByRole('listitem').allInnerTexts()).toEqual([
      '15:40 网班 1 英语 正在上',
      '16:15 网班 1 数学',
    ]);
    const timeline = page.getByRole('region', { name: '何时何处出现' });
    expect(await timeline.locator('.timeline-bar').count()).toBe(2);
    await timeline.getByRole('link', { name: '网班 2' }).waitFor();
    expect(await nameless(page)).toEqual([]);
  });

  it('are acknowledged with a note, and everybody sees by whom', async () => {
    const { page } = here;
    await page.getByRole('button', { name: '认领' }).click();
    const dialog = page.getByRole('dialog', { name: '认领' });
    expect(await nameless(page)).toEqual([]);
    await dialog.getByLabel('备注').fill('已派人去学校');
    await dialog.getByRole('button', { name: '认领' }).click();
    await page.getByText('a-technician 负责处理').waitFor();
    await page.getByRole('region', { name: '经过' }).getByText('已派人去学校').waitFor();
    expect(await page.getByRole('button', { name: '认领' }).count()).toBe(0);
  });

  it('can be written about', async () => {
    const { page } = here;
    await page.getByRole('button', { name: '添加备注' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('备注').fill('挖断光缆，\n运营商 17 点修复');
    await dialog.getByRole('button', { name: '添加备注' }).click();
    const newest = page.getByRole('region', { name: '经过' }).getByRole('listitem').first();
    await newest.getByText('挖断光缆').waitFor();
  });

  it('are closed by hand after a second thought, and opened again', async () => {
    const { page } = here;
    await page.getByRole('button', { name: '关闭故障' }).click();
    await page.getByRole('dialog').getByText('但异常可能仍在继续').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await hub.ask('GET', '/api/v1/incidents/cut-hb3z', undefined, adminToken)).body.state).toBe(
      'acknowledged',
    );
    await page.getByRole('button', { name: '关闭故障' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '关闭故障' }).click();
    await page.getByText('已手动关闭').first().waitFor();
    await page.getByRole('button', { name: '重新打开' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '重新打开' }).click();
    await page.getByText('a-technician 负责处理').waitFor();
    expect((await hub.ask('GET', '/api/v1/incidents/cut-hb3z', undefined, adminToken)).body.state).toBe(
      'acknowledged',
    );
  });

  it('of a school stand on its page', async () => {
    const { page } = here;
    await page.getByRole('link', { name: '海北三中', exact: true }).click();
    await page.waitForURL('**/schools/local/hb3z');
    const panel = page.getByRole('region', { name: '未解决的故障' });
    await panel.getByRole('link', { name: '海北三中 · 地网' }).waitFor();
    await panel.getByRole('link', { name: '最近 30 天的全部故障' }).click();
    await page.waitForURL('**/incidents?span=30d&school=local%2Fhb3z');
    await page.getByRole('row', { name: '教室电脑' }).waitFor();
  });

  it('one that is not there is said not to be', async () => {
    const { page } = here;
    await page.goto(`${hub.address}/incidents/none`);
    await page.getByRole('heading', { name: '没有这个故障。' }).waitFor();
  });
});

describe('what others do meanwhile', () => {
  it('is seen within half a minute', async () => {
    const { page } = await visit(browser, { locale: 'en-GB' });
    page.setDefaultTimeout(10_000);
    await page.clock.install();
    await signIn(page);
    await page.goto(`${hub.address}/incidents/cut-hb3z`);
    await page.getByRole('region', { name: 'History' }).waitFor();
    const note = { text: 'seen by another' };
    await hub.ask('POST', '/api/v1/incidents/cut-hb3z/note', note, hub.tokens.admin);
    await page.clock.fastForward(30_000);
    await page.getByText('seen by another').waitFor();
    await page.context().close();
  });

  it('is asked for at once where the hub says that an incident changed', async () => {
    const { page } = await visit(browser, { locale: 'en-GB' });
    page.setDefaultTimeout(10_000);
    await signIn(page);
    const asked: string[] = [];
    page.on('request', (request) => {
      // The first page may be asking still.
      if (!page.url().endsWith('/incidents/cut-hb3z')) return;
      const path = new URL(request.url()).pathname;
      if (path.startsWith('/api/v1/incidents/')) asked.push('incident');
      if (path === '/api/v1/live') asked.push('live');
    });
    // It says so, and goes away; the page comes back after two seconds.
    const body = 'event: incident\ndata: {"id":"cut-hb3z"}\n\n';
    await page.route('**/api/v1/live*', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
    await page.goto(`${hub.address}/incidents/cut-hb3z`);
    await eventually('the page to come back', async () =>
      asked.filter((what) => what === 'live').length > 1 ? true : undefined,
    );
    // Once when the page opens, and once more before it has come back.
    const before = asked.slice(0, asked.indexOf('live', asked.indexOf('live') + 1));
    expect(before.sort()).toEqual(['incident', 'incident', 'live']);
    await page.context().close();
  });
});

describe('maintenance windows in the console', () => {
  it('are announced for a school, once, in the time of the county', async () => {
    const { page } = here;
    await page.getByRole('link', { name: '维护' }).click();
    await page.getByText('没有维护安排').waitFor();
    await page.getByRole('button', { name: '登记维护' }).click();
    const dialog = page.getByRole('dialog', { name: '登记维护' });
    expect(await nameless(page)).toEqual([]);
    await dialog.getByText('时间均为 Asia/Shanghai 时区').waitFor();
    await dialog.getByLabel('内容').fill('更换交换机');
    await dialog.getByLabel('学校').selectOption({ label: '阿柔小学' });
    await dialog.getByLabel('开始').fill('2026-01-06T09:00');
    await dialog.getByLabel('结束').fill('2026-01-06T08:00');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('结束时间须晚于开始时间').waitFor();
    await dialog.getByLabel('结束').fill('2026-01-06T11:30');
    await dialog.getByRole('button', { name: '保存' }).click();
    const row = page.getByRole('region', { name: '即将开始' }).getByRole('listitem');
    await row.getByText('1月6日周二 09:00 至 11:30').waitFor();
    await row.getByText('阿柔小学').waitFor();
    await row.getByRole('button', { name: '修改' }).click();
    expect(await page.getByRole('dialog').getByLabel('学校').inputValue()).toBe('arou');
    expect(await page.getByRole('dialog').getByLabel('结束').inputValue()).toBe('2026-01-06T11:30');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('are announced for each week, changed, removed, and brought back', async () => {
    const { page } = here;
    await page.getByRole('button', { name: '登记维护' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('内容').fill('每周重启');
    await dialog.getByRole('radio', { name: '每周' }).check();
    await dialog.getByLabel('周六').uncheck();
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('请选择星期').waitFor();
    await dialog.getByLabel('周三').check();
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByText('每周三 02:00，持续 1小时 · 下次 1月7日周三 02:00').waitFor();

    await page.getByRole('button', { name: '修改: 每周重启' }).click();
    expect(await dialog.getByLabel('周三').isChecked()).toBe(true);
    await dialog.getByLabel('时长').fill('90');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByText('每周三 02:00，持续 1小时30分钟').waitFor();

    await page.getByRole('button', { name: '删除: 每周重启' }).click();
    const removed = page.getByRole('status').filter({ hasText: '已删除：每周重启' });
    await removed.waitFor();
    expect(await page.locator('.windows li').count()).toBe(1);
    await removed.getByRole('button', { name: '撤销' }).click();
    await page.getByText('每周三 02:00，持续 1小时30分钟').waitFor();
    const { body } = await hub.ask('GET', '/api/v1/counties/local/maintenance', undefined, adminToken);
    expect(body.windows).toHaveLength(2);
  });
});

describe('on a phone of 360 pixels', () => {
  it.each(phones)(
    'nothing sticks out, and what can be touched has a name (%s, %s)',
    async (locale, colorScheme) => {
      const viewport = { width: 360, height: 740 };
      const phone = await visit(browser, { locale, colorScheme, viewport, isMobile: true, hasTouch: true });
      phone.page.setDefaultTimeout(10_000);
      await signIn(phone.page);
      const root = 'document.documentElement';
      for (const [path, shown] of [
        ['/', '.open-incidents'],
        ['/incidents?span=7d', '.incident'],
        ['/incidents/cut-hb3z', '.timeline-bar'],
        ['/schools/local/hb3z', '.school-incidents .incident'],
        ['/maintenance', '.windows li'],
      ] as const) {
        await phone.page.goto(hub.address + path);
        await phone.page.locator(shown).first().waitFor();
        const beyond = await phone.page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`);
        expect([path, beyond, await nameless(phone.page)]).toEqual([path, 0, []]);
      }
      expect(phone.complaints).toEqual([]);
      await phone.page.context().close();
    },
  );
});

it('the pages gave the browser nothing to complain of', () => {
  expect(here.complaints).toEqual([]);
});
