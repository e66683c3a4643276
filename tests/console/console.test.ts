import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { dataFolder, launch, type RunningProcess, type TestHub, tongtang } from '../services/tongtang.ts';
import { type Visit, visit } from './browser.ts';
import { expectToFitPhone, phones, signInLink, startConsoleOnHub } from './console-on-hub.ts';

/**
 * The console as it is shipped, in a real browser, on a real hub with a real agent: from the one-time link of the first
 * start to live figures. The tests go on where the one before ended, as a visit does.
 */

const roomPath = '/classrooms/local/school/room-1';
const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;
let here: Visit;
let agent: RunningProcess;

beforeAll(async () => {
  ({ hub, browser } = await startConsoleOnHub(cleanUp));
  here = await visit(browser, { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('the console', () => {
  it('asks whoever is unknown to sign in, and refuses a wrong password in words', async () => {
    const { page } = here;
    await page.goto(hub.url);
    await page.getByLabel('用户名').fill('admin');
    await page.getByLabel('密码').fill('not the password');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('用户名或密码不正确。').waitFor();
  });

  it('signs in by a one-time link, once, and leaves no trace of it in the address', async () => {
    const link = await signInLink(hub);
    const { page } = await visit(browser, { locale: 'zh-CN' });
    await page.goto(link);
    await page.getByRole('heading', { name: '教室总览' }).waitFor();
    expect(page.url()).toBe(`${hub.url}/`);
    await page.getByText('设置密码后，下次可直接登录。').waitFor();
    await page.context().close();

    const again = await visit(browser, { locale: 'en-GB' });
    await again.page.goto(link);
    await again.page.getByText('This link was used already').waitFor();
    await again.page.context().close();
  });

  it('opens over a thin link: first load in 100 kB, nothing from elsewhere', async () => {
    await here.page.context().close();
    here = await visit(browser, { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    await here.page.goto(await signInLink(hub));
    await here.page.getByRole('heading', { name: '教室总览' }).waitFor();
    await here.page.waitForLoadState('load');
    expect(here.bytes()).toBeGreaterThan(10_000);
    expect(here.bytes()).toBeLessThan(80_000);
    expect([...here.hosts]).toEqual([new URL(hub.url).host]);
  });

  it('leads from no agent to a live classroom without a reload', async () => {
    const { page } = here;
    await page.getByText('还没有电脑接入').waitFor();
    await page.getByRole('button', { name: '添加电脑' }).click();
    await page.getByLabel('用途').selectOption({ label: '卫星接收机旁的电脑' });
    const asked = page.waitForRequest('**/enrolment-codes');
    await page.getByRole('button', { name: '生成接入码' }).click();
    expect((await asked).postDataJSON()).toMatchObject({ kind: 'receiver' });
    await page.getByRole('button', { name: '再添加一台' }).click();
    await page.getByLabel('用途').selectOption({ label: '教室电脑' });
    await page.getByRole('button', { name: '生成接入码' }).click();
    const command = (await page.locator('dialog .command').textContent()) ?? '';
    const words = command.split(' ').slice(command.split(' ').indexOf('agent'));
    expect(words.slice(0, 3)).toEqual(['agent', 'enroll', hub.url]);
    await page.getByText('需先把中心的设置 http, mqtt, stamp 改为网络地址').waitFor();
    await page.keyboard.press('Escape');

    const data = dataFolder();
    cleanUp.push(data.remove);
    const enrolment = await tongtang(words, { TONGTANG_DATA: data.path });
    expect(enrolment.code, enrolment.output).toBe(0);
    agent = launch(['agent', 'run'], { TONGTANG_DATA: data.path });
    cleanUp.push(() => agent.stop());

    await page.locator('.room').getByText('在线').waitFor({ timeout: 30_000 });
    expect(here.loads()).toBe(1);
  }, 90_000);

  it('shows the classroom’s figures, and new ones as they are measured', async () => {
    const { page } = here;
    if (!page.url().endsWith(roomPath)) await page.locator('.room-name').click();
    await page.waitForURL(`**${roomPath}`);
    // On a busy machine the agent may not have heard yet that somebody looks; then it sends once a minute.
    await page.locator('.plot canvas').first().waitFor({ timeout: 90_000 });
    await page.getByText('没有缺失').waitFor();
    // Of all charts: the delay to a gateway on this machine may well be the same in the next run.
    const figures = async (): Promise<string> =>
      (await page.locator('.plot .u-legend').allTextContents()).join('\n');
    const before = await figures();
    await eventually('a new figure', async () => ((await figures()) === before ? undefined : true), 45_000);
    expect(here.loads()).toBe(1);
    expect(here.bytes()).toBeLessThan(150_000);
  }, 200_000);

  it('shows the state of each link and its newest figure on the first page', async () => {
    const { page } = here;
    await page.getByRole('link', { name: '同堂' }).click();
    const link = page.locator('.link-cell', { hasText: '地网' });
    await link.locator('.state').waitFor();
    await link.getByText(/\d ms$/).waitFor({ timeout: 75_000 });
    expect(await link.getByRole('img').getAttribute('aria-label')).toContain('最近一小时');
    await page.goBack();
    await page.locator('.plot canvas').first().waitFor();
    expect(here.loads()).toBe(1);
  }, 90_000);

  it('keeps the range in the address', async () => {
    const { page } = here;
    await page.getByRole('radio', { name: '6 小时' }).check();
    await page.waitForURL('**?range=6h');
    await page.goBack();
    await page.waitForURL(`**${roomPath}`);
    expect(await page.getByRole('radio', { name: '1 小时' }).isChecked()).toBe(true);
  });

  it('says that it reconnects while the hub is away, and goes on after', async () => {
    const { page } = here;
    await hub.process().kill9();
    await page.getByText('正在重新连接…').waitFor({ timeout: 20_000 });
    await hub.start();
    await page.getByText('正在重新连接…').waitFor({ state: 'detached', timeout: 45_000 });
    expect(here.loads()).toBe(1);
  }, 120_000);

  it('changes its language where it stands, and remembers it', async () => {
    const { page } = here;
    await page.locator('.menu > summary').click();
    await page.getByRole('radio', { name: 'English' }).check();
    await page.getByRole('heading', { name: 'Measurements', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { name: 'Measurements', exact: true }).waitFor();
  });

  it.each(phones)('fits a phone of 360 pixels (%s, %s)', async (...phone) => {
    await expectToFitPhone({ hub, browser }, phone, async () => {});
    await expectToFitPhone({ hub, browser }, phone, async (page) => {
      await page.locator('.room-name').click();
      await page.locator('.plot canvas').first().waitFor();
    });
  });

  it('names a classroom that is lost before all others, with the time', async () => {
    const { page } = here;
    await page.getByRole('link', { name: 'Tongtang' }).click();
    await agent.kill9();
    const lost = page.locator('.trouble', { hasText: 'Lost' });
    await lost.getByText('Lost its connection').waitFor();
    expect(await lost.locator('.trouble-since').textContent()).toMatch(/^\d\d:\d\d \d/);
    await lost.getByRole('link').click();
    await page.waitForURL(`**${roomPath}`);
  });

  it('gave the browser nothing to complain of', () => {
    expect(here.complaints).toEqual([]);
  });
});
