import { markSimulated } from '@tongtang/runtime/simulated-folder';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';
import { buildConsole, startChromium, visit } from './browser.ts';
import { signInLink } from './console-on-hub.ts';

/** The console of a hub whose data are simulated, in a real browser. */

const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;

beforeAll(async () => {
  buildConsole();
  const data = dataFolder();
  cleanUp.push(data.remove);
  markSimulated(data.path);
  hub = await startTestHub(data.path);
  cleanUp.push(() => hub.process().stop());
  browser = await startChromium();
  cleanUp.push(() => browser.close());
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

describe('a hub with simulated data', () => {
  it.each([
    ['zh-CN', 'light', '模拟数据'],
    ['en-GB', 'dark', 'Simulated data'],
  ] as const)('says so on every page, be it on a phone (%s, %s)', async (locale, colorScheme, words) => {
    const { page } = await visit(browser, { ...phone, locale, colorScheme });
    page.setDefaultTimeout(10_000);
    const note = page.getByRole('note').filter({ hasText: words });
    const root = 'document.documentElement';
    const paths = [
      '/',
      '/schools/local/school',
      '/classrooms/local/school/room-1',
      '/incidents',
      '/maintenance',
      '/reports',
      '/reports/schedule',
      '/nowhere',
    ];
    for (const address of [await signInLink(hub), ...paths.map((path) => hub.url + path)]) {
      await page.goto(address);
      await page.locator('main#content').waitFor();
      await note.waitFor();
      expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
    }
    await page.context().close();
  });

  it('says so before anybody has signed in', async () => {
    const { page } = await visit(browser, { locale: 'zh-CN' });
    page.setDefaultTimeout(10_000);
    await page.goto(hub.url);
    await page.locator('form').waitFor();
    await page.getByText('模拟数据').waitFor();
    await page.context().close();
  });

  it('makes no code for a real machine, and says why', async () => {
    const { page } = await visit(browser, { locale: 'en-GB' });
    page.setDefaultTimeout(10_000);
    await page.goto(await signInLink(hub));
    await page.getByRole('button', { name: 'Add a machine' }).click();
    await page.getByRole('button', { name: 'Make code' }).click();
    await page.getByText('No real machine can be added to it').waitFor();
    await page.context().close();
  });
});
