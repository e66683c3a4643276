import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';
import { buildConsole, startChromium, visit } from './browser.ts';

export type ConsoleOnHub = Readonly<{ hub: TestHub; browser: Browser }>;

/**
 * The console as it is shipped, on a hub with new data, and a browser for it.
 * @param cleanUp takes what is to be done at the end, last things first
 */
export async function startConsoleOnHub(cleanUp: (() => unknown)[]): Promise<ConsoleOnHub> {
  buildConsole();
  const data = dataFolder();
  cleanUp.push(data.remove);
  const hub = await startTestHub(data.path);
  cleanUp.push(() => hub.process().stop());
  const browser = await startChromium();
  cleanUp.push(() => browser.close());
  return { hub, browser };
}

/** Makes a YAML text the inventory of its county, as an operator would. */
export async function importInventory(hub: TestHub, yaml: string): Promise<void> {
  const imported = await tongtang(['inventory', 'import', '-'], hub.environment, yaml);
  expect(imported.code, imported.output).toBe(0);
}

/** A one-time link for a user, as an admin makes it on the hub's machine. */
export async function signInLink(hub: TestHub, user = 'admin'): Promise<string> {
  const { stdout, output } = await tongtang(['user', 'link', user], hub.environment);
  expect(stdout, output).toContain('#sign-in=');
  return stdout.trim();
}

/** The languages and colours that a page is tried in on a phone. */
export type Phone = readonly [locale: 'zh-CN' | 'en-GB', colorScheme: 'light' | 'dark'];
export const phones: Phone[] = [
  ['zh-CN', 'light'],
  ['en-GB', 'dark'],
];

/** Opens a page on a phone of 360 pixels, and sees that nothing sticks out and the browser has nothing to complain of. */
export async function expectToFitPhone(
  { hub, browser }: ConsoleOnHub,
  [locale, colorScheme]: Phone,
  open: (page: Page) => Promise<void>,
): Promise<void> {
  const viewport = { width: 360, height: 740 };
  const { page, complaints } = await visit(browser, {
    locale,
    colorScheme,
    viewport,
    isMobile: true,
    hasTouch: true,
  });
  await page.goto(await signInLink(hub));
  await page.locator('.room').first().waitFor();
  await open(page);
  // In words of the browser, which has a document; the tests have none.
  const root = 'document.documentElement';
  expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
}

/** The time of day that a wall clock in Shanghai shows. */
export function shanghaiClock(seconds: number): string {
  return new Date((seconds + 8 * 3600) * 1000).toISOString().slice(11, 16);
}
