import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { startFixtureServer } from '../../packages/console/dev/fixture-server.ts';
import { startChromium } from './browser.ts';

/**
 * `npm run pictures`: the pictures of README and guide. `npm run pictures -- --all <folder>`: every page in both languages, in
 * light and dark, on a desk and on a phone, to be looked at by whoever changes the console.
 */

/** A Tuesday, before the first lesson. */
const morning = Date.parse('2026-03-10T08:05:00+08:00');

/** Pages whose pictures are in docs/images. */
const inDocs: readonly string[] = ['overview', 'incident-lock'];

type Look = Readonly<{ language: 'zh' | 'en'; scheme: 'light' | 'dark'; phone: boolean; whole?: boolean }>;

/** The same day, while the second lesson is on. */
const inLesson = Date.parse('2026-03-10T09:31:00+08:00');

type Picture = Readonly<{
  name: string;
  /** Milliseconds since 1970; the morning where absent. */
  at?: number;
  /** All of the page, and not only what stands on a screen. */
  whole?: boolean;
  open: (page: Page, url: string) => Promise<void>;
}>;

const pages: readonly Picture[] = [
  { name: 'overview', open: (page, url) => openOverview(page, url) },
  {
    name: 'classroom',
    open: async (page, url) => {
      await page.goto(`${url}/classrooms/qilian/yanglong/c1`);
      await page.locator('.plot canvas').first().waitFor();
    },
  },
  ...(['hb3z', 'mole', 'arou', 'mzzx'] as const).map((school) => ({
    name: `receiver-${school}`,
    open: async (page: Page, url: string) => {
      await page.goto(`${url}/classrooms/qilian/${school}/machine-room`);
      await page.locator('.plot canvas, .plot-room').first().waitFor();
    },
  })),
  ...(['hb3z', 'school13'] as const).map((school) => ({
    name: `school-${school}`,
    open: async (page: Page, url: string) => {
      await page.goto(`${url}/schools/qilian/${school}`);
      await page.locator('.sun-outages p').first().waitFor();
    },
  })),
  {
    name: 'incidents',
    open: async (page, url) => {
      await page.goto(`${url}/incidents?span=7d`);
      await page.locator('.incident').first().waitFor();
    },
  },
  ...(['fibre', 'lock', 'provider'] as const).map((id) => ({
    name: `incident-${id}`,
    open: async (page: Page, url: string) => {
      await page.goto(`${url}/incidents/${id}`);
      await page.locator('.timeline-bar').first().waitFor();
    },
  })),
  {
    name: 'incident-close',
    open: async (page, url) => {
      await page.goto(`${url}/incidents/lock`);
      await page.getByRole('button', { name: /^(关闭故障|Close incident)$/ }).click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'lessons',
    at: inLesson,
    open: (page, url) => openLessons(page, url),
  },
  {
    name: 'lesson',
    at: inLesson,
    open: async (page, url) => {
      await openLessons(page, url);
      await page.locator('.lesson:has(.is-down)').first().click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'maintenance',
    open: async (page, url) => {
      await page.goto(`${url}/maintenance`);
      await page.locator('.windows li').first().waitFor();
    },
  },
  {
    name: 'maintenance-weekly',
    open: async (page, url) => {
      await page.goto(`${url}/maintenance`);
      await page.getByRole('button', { name: /^(登记维护|Announce work)$/ }).click();
      await page.locator('dialog .segment', { hasText: /每周|Every week/ }).click();
      await page.locator('.weekdays').waitFor();
    },
  },
  {
    name: 'visits',
    open: async (page, url) => {
      await page.goto(`${url}/visits`);
      await page.locator('.visit-list li').first().waitFor();
    },
  },
  {
    name: 'visit-entry',
    open: async (page, url) => {
      await page.goto(`${url}/visits`);
      await page.getByRole('button', { name: /^(登记|Enter a visit)$/ }).click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'maintenance-past',
    open: async (page, url) => {
      await page.goto(`${url}/maintenance`);
      await page.getByRole('button', { name: /^(登记维护|Announce work)$/ }).click();
      await page.locator('dialog input[name=note]').fill('1');
      await page.locator('dialog input[name=start]').fill('2026-03-09T02:00');
      await page.locator('dialog input[name=end]').fill('2026-03-09T03:00');
      await page.locator('dialog button[type=submit]').click();
      await page.locator('dialog .problem').waitFor();
    },
  },
  {
    name: 'lessons-weekend',
    at: inLesson,
    open: async (page, url) => {
      await page.goto(`${url}/lessons?date=2026-03-08`);
      await page.locator('.lessons .empty').waitFor();
    },
  },
  {
    name: 'reports',
    open: (page, url) => openReports(page, url),
  },
  {
    name: 'reports-bureau',
    open: async (page, url) => {
      await page.route('**/api/v1/me', (route) => route.fulfill({ json: { user: 'wang', role: 'bureau' } }));
      await openReports(page, url);
    },
  },
  {
    name: 'for-others',
    open: async (page, url) => {
      await page.route('**/api/v1/me', (route) => route.fulfill({ json: { user: 'wang', role: 'bureau' } }));
      await page.goto(`${url}/incidents/lock`);
      await page.locator('.empty').waitFor();
    },
  },
  ...(['month', 'term', 'range'] as const).map((kind, index) => ({
    name: `report-issue-${kind}`,
    open: async (page: Page, url: string) => {
      await openReports(page, url);
      await page.getByRole('button', { name: /^(签发报告|Issue a report)$/ }).click();
      await page.locator('dialog .segment').nth(index).click();
    },
  })),
  ...(['r-5f2b7c10', 'r-1a2b3c4d?from=1&to=2&with=r-90ab12cd', 'r-77aa0011'] as const).map((id, index) => ({
    name: `report-${['awaiting', 'revised', 'withdrawn'][index]}`,
    whole: true,
    open: async (page: Page, url: string) => {
      await page.goto(`${url}/reports/${id}`);
      await page.locator('.report-tiles').waitFor();
      if (index === 1) await page.locator('.report-table tbody tr').nth(12).waitFor();
    },
  })),
  {
    name: 'report-withdraw',
    open: async (page, url) => {
      await page.goto(`${url}/reports/r-1a2b3c4d`);
      await page.getByRole('button', { name: /^(撤回|Withdraw)$/ }).click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'report-schedule',
    whole: true,
    open: async (page, url) => {
      await page.goto(`${url}/reports/schedule`);
      await page.locator('form').first().waitFor();
    },
  },
  {
    name: 'add-machine',
    open: async (page, url) => {
      await openOverview(page, url);
      await page.getByRole('button', { name: /^(添加电脑|Add a machine)$/ }).click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'enrolment-code',
    open: async (page, url) => {
      await openOverview(page, url);
      await page.getByRole('button', { name: /^(添加电脑|Add a machine)$/ }).click();
      await page.getByRole('button', { name: /^(生成接入码|Make code)$/ }).click();
      await page.locator('dialog .command').waitFor();
    },
  },
  {
    name: 'account',
    open: async (page, url) => {
      await openOverview(page, url);
      await page.locator('.menu > summary').click();
    },
  },
  {
    name: 'sign-in',
    open: async (page, url) => {
      await page.route('**/api/v1/me', (route) =>
        route.fulfill({ status: 401, json: { error: { code: 'not_signed_in', message: '' } } }),
      );
      await page.goto(url);
      await page.locator('form').waitFor();
    },
  },
];

async function openOverview(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.room').first().waitFor();
}

async function openLessons(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/lessons`);
  await page.locator('.lesson').first().waitFor();
}

async function openReports(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/reports`);
  await page.locator('.report').first().waitFor();
}

/** What the clock of hub and browser shows, in milliseconds since 1970. */
let present = morning;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'string' } } });
  const server = await startFixtureServer(() => present / 1000);
  const browser = await startChromium();
  try {
    if (values.all === undefined) await takeForDocs(browser, server.url);
    else await takeAll(browser, server.url, values.all);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function takeForDocs(browser: Browser, url: string): Promise<void> {
  const folder = resolve(import.meta.dirname, '../../docs/images');
  for (const { name, open } of pages.filter(({ name }) => inDocs.includes(name)))
    for (const language of ['zh', 'en'] as const)
      await take(
        browser,
        { language, scheme: 'light', phone: false },
        join(folder, `${name}-${language}.png`),
        (page) => open(page, url),
      );
}

async function takeAll(browser: Browser, url: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, open, at = morning, whole = false } of pages) {
    present = at;
    for (const language of ['zh', 'en'] as const)
      for (const scheme of ['light', 'dark'] as const)
        for (const phone of [false, true]) {
          const file = `${name}-${language}-${scheme}-${phone ? 'phone' : 'desk'}.png`;
          await take(browser, { language, scheme, phone, whole }, join(folder, file), (page) =>
            open(page, url),
          );
        }
  }
}

async function take(
  browser: Browser,
  { language, scheme, phone, whole = false }: Look,
  file: string,
  open: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: scheme,
    reducedMotion: 'reduce',
    viewport: phone ? { width: 375, height: 812 } : { width: 1280, height: 860 },
    ...(phone && { isMobile: true, hasTouch: true }),
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(present);
  await open(page);
  await page.waitForLoadState('load');
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: file, fullPage: whole });
  await context.close();
  process.stdout.write(`${file}  ${Math.round(statSync(file).size / 1000)} kB\n`);
}

await main();
