import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../services/tongtang.ts';
import { visit } from './browser.ts';
import { importInventory, phones, signInLink, startConsoleOnHub } from './console-on-hub.ts';

/** The timetable's page on a real hub, in a real browser. */

const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;

beforeAll(async () => {
  ({ hub, browser } = await startConsoleOnHub(cleanUp));
  await importInventory(
    hub,
    `county: { id: qilian, name: { zh: 祁连县, en: Qilian }, timezone: Asia/Shanghai }
schools:
  - { id: zm, name: { zh: 祁连中学, en: Qilian Middle School }, mode: live, classes: 2 }
periods:
  - { n: 1, start: "08:30", end: "09:10" }
`,
  );
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Terms that last, whenever the test runs. */
const terms = 'Term,From,To\nAll years,2020-01-01,2099-12-31\n';
const lessons = 'School,Class,Period,Mon,Tue\nzm,c1,1,Maths,Physics\n';

async function choose(page: Page, ...texts: string[]): Promise<void> {
  const files = texts.map((text, n) => ({
    name: `table-${n + 1}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  }));
  await page.locator('input[type=file]').setInputFiles(files);
}

describe('the timetable', () => {
  it('is given as a template, checked, imported and taken back', async () => {
    const { page, complaints } = await visit(browser, { locale: 'en-GB' });
    page.setDefaultTimeout(15_000);
    await page.goto(await signInLink(hub));
    await page.goto(`${hub.url}/timetable?county=qilian`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the template' }).click();
    expect((await download).suggestedFilename()).toBe('timetable-qilian.xlsx');

    await choose(page, terms, lessons.replace('zm,c1,1', 'zm,c9,1'));
    const wrong = page.getByRole('row').filter({ hasText: 'c9' });
    expect(await wrong.textContent()).toMatch(/table-2\.csv · B2 · Class/);
    expect(await page.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);

    await choose(page, terms, lessons);
    await page.getByText('After the import the timetable would be').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Imported. The timetable is now').waitFor();
    const present = page.getByRole('region', { name: 'What there is' });
    await present.getByText('by admin').waitFor();

    await choose(page, lessons);
    await page.getByText('say what the timetable has already').waitFor();
    await choose(page, 'School,Class,Period,Mon\nzm,c1,1,\n');
    await page.getByText('there would be no lessons at all').waitFor();
    await page.getByText('2 → 0').first().waitFor();

    await present.getByRole('button', { name: 'Take the last import back' }).click();
    await present.getByText('No timetable yet').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(phones)('fits a phone, its problems as well (%s, %s)', async (locale, colorScheme) => {
    const viewport = { width: 360, height: 740 };
    const { page, complaints } = await visit(browser, { locale, colorScheme, viewport, isMobile: true });
    page.setDefaultTimeout(15_000);
    await page.goto(await signInLink(hub));
    await page.goto(`${hub.url}/timetable?county=qilian`);
    await choose(
      page,
      `School,Class,Period,Mon\n${'nowhere-in-this-county-at-all,c1,1,Maths\n'.repeat(120)}`,
    );
    await page.getByRole('row').nth(3).waitFor();
    const root = 'document.documentElement';
    expect(Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`))).toBe(0);
    if (process.env.TONGTANG_PICTURES !== undefined)
      await page.screenshot({ path: `${process.env.TONGTANG_PICTURES}/tt-${locale}.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
