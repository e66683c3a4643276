import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHub, tongtang } from '../services/tongtang.ts';
import { visit } from './browser.ts';
import { importInventory, phones, signInLink, startConsoleOnHub } from './console-on-hub.ts';

/** The register of visits on a real hub, in a real browser. */

const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;
/** As the county's calendar has it. */
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const lastYear = `${Number(today.slice(0, 4)) - 1}-12-10`;

beforeAll(async () => {
  ({ hub, browser } = await startConsoleOnHub(cleanUp));
  await importInventory(
    hub,
    `county: { id: qilian, name: { zh: 祁连县, en: Qilian }, timezone: Asia/Shanghai }
schools:
  - { id: zm, name: { zh: 祁连中学, en: Middle School }, classes: 2 }
  - { id: babao, name: { zh: 八宝小学, en: Babao School }, classes: 1 }
visitTargets: { inspection: 1 }
`,
  );
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function csvFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-visits-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function open(page: Page, user = 'admin'): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.goto(await signInLink(hub, user));
  await page.goto(`${hub.url}/visits?county=qilian`);
}

async function enter(page: Page, entry: Readonly<{ school: string; kind?: string; note: string }>) {
  await page.getByRole('button', { name: 'Enter a visit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('School').selectOption(entry.school);
  if (entry.kind !== undefined) await dialog.getByLabel('Kind').selectOption(entry.kind);
  await dialog.getByLabel('Who came').fill(entry.note);
  await dialog.getByRole('button', { name: 'Save' }).click();
}

const counted = (page: Page, school: string) =>
  page
    .getByRole('region', { name: 'Counted against the targets' })
    .getByRole('row')
    .filter({ hasText: school });

describe('the register of visits in the console', () => {
  it('is empty at first; an entry counts, is corrected, removed and had back', {
    timeout: 120_000,
  }, async () => {
    const { page, complaints } = await visit(browser, { locale: 'en-GB' });
    await open(page);
    await page.getByText('Nothing is entered yet').waitFor();
    await page.getByText('no term is entered').waitFor();
    await counted(page, 'Babao School').getByText('0/3').waitFor();

    await enter(page, { school: 'Babao School', kind: 'Teaching-research activity', note: 'lesson study' });
    await counted(page, 'Babao School').getByText('1/3').waitFor();
    await counted(page, 'Middle School').getByText('3 missing').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'lesson study' });
    expect(await row.textContent()).toContain(`${today}Babao School Teaching-research activity`);
    await row.getByText('entered by admin').waitFor();

    await enter(page, { school: 'Babao School', kind: 'Teaching-research activity', note: 'lesson study' });
    await page.getByRole('dialog').getByText('The register has this already').waitFor();
    await page.keyboard.press('Escape');

    await row.getByRole('button', { name: /^Correct: / }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('School').inputValue()).toBe('babao');
    expect(await dialog.getByLabel('Kind').inputValue()).toBe('research');
    await dialog.getByLabel('Kind').selectOption('Inspection visit');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await counted(page, 'Babao School').getByText('1/1').waitFor();
    await row.getByText('corrected by admin').waitFor();

    await row.getByRole('button', { name: /^Remove: / }).click();
    await page.getByText('Nothing is entered yet').waitFor();
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await counted(page, 'Babao School').getByText('1/1').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is counted by term once there are terms, and a term that is over can be looked at', {
    timeout: 120_000,
  }, async () => {
    const year = Number(today.slice(0, 4));
    const terms = `Term,From,To\nLast,${year - 1}-09-01,${year - 1}-12-31\nThis,${year}-01-01,${year}-12-31\n`;
    const imported = await tongtang(
      ['timetable', 'import', csvFile('terms.csv', terms), '--county', 'qilian'],
      hub.environment,
    );
    expect(imported.code, imported.output).toBe(0);
    const { page, complaints } = await visit(browser, { locale: 'en-GB' });
    await open(page);
    await page.getByText(`This: `).waitFor();

    // Many at once, from a file: first with a mistake, then right.
    await page.getByRole('button', { name: 'Import' }).click();
    const file = (school: string) => [
      {
        name: 'visits.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`Date,School,Kind,Note\n${lastYear},${school},first,before the holidays\n`),
      },
    ];
    await page.locator('input[type=file]').setInputFiles(file('nowhere'));
    await page.getByRole('row').filter({ hasText: 'nowhere' }).waitFor();
    await page.locator('input[type=file]').setInputFiles(file('zm'));
    await page.getByText('The files are right. New of 1 row: 1').waitFor();
    await page.getByRole('button', { name: 'Enter them' }).click();
    await page.getByText('Entered from files: 1').waitFor();

    await counted(page, 'Middle School').getByText('0/4').waitFor();
    await page.getByRole('combobox', { name: 'Counted' }).selectOption('All of Last');
    await page.getByText('before the holidays').waitFor();
    await page.getByText(/^Last: .* – \d{4}-12-31$/).waitFor();
    const first = counted(page, 'Middle School').getByRole('cell').first();
    await first.getByText('1/1').waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download (CSV)' }).click();
    expect((await download).suggestedFilename()).toBe('visits-qilian.csv');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is read by the bureau, which enters its inspections', { timeout: 120_000 }, async () => {
    const password = 'correct horse battery\n';
    const added = await tongtang(['user', 'add', 'wang', '--role', 'bureau'], hub.environment, password);
    expect(added.code, added.output).toBe(0);
    const { page, complaints } = await visit(browser, { locale: 'en-GB' });
    await open(page, 'wang');
    await enter(page, { school: 'Middle School', note: 'with the county office' });
    const row = page.getByRole('listitem').filter({ hasText: 'with the county office' });
    await row.getByText('entered by wang').waitFor();
    expect(await row.textContent()).toContain('Inspection visit');
    expect(await page.getByRole('button', { name: 'Import' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(phones)(
    'fits a phone, its dialogs as well (%s, %s)',
    { timeout: 120_000 },
    async (locale, colorScheme) => {
      const viewport = { width: 360, height: 740 };
      const { page, complaints } = await visit(browser, { locale, colorScheme, viewport, isMobile: true });
      await open(page);
      await page.locator('.visit-list li').first().waitFor();
      const root = 'document.documentElement';
      const sticksOut = async () => Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`));
      expect(await sticksOut()).toBe(0);
      await page.getByRole('button', { name: /^(登记|Enter a visit)$/ }).click();
      await page.getByRole('dialog').waitFor();
      expect(await sticksOut()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
