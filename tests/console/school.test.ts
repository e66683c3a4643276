import { sunOutages } from '@tongtang/satellite/sun-outages';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFrom } from '../services/api.ts';
import { type TestHub, tongtang } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';
import { type Visit, visit } from './browser.ts';
import {
  expectToFitPhone,
  importInventory,
  phones,
  shanghaiClock,
  signInLink,
  startConsoleOnHub,
} from './console-on-hub.ts';

/** The page of a school in a real browser, on a real hub. */

const head = 'county: { id: local, name: { zh: 本县, en: County }, timezone: Asia/Shanghai }';
const school = (place: string): string => `
schools:
  - { id: arou, name: { zh: 阿柔小学, en: Arou Primary }, ${place} classes: 1 }
periods: [{ n: 4, start: "11:10", end: "11:50" }]
targets:
  - { id: bandwidth, link: broadband, probe: throughput, address: hub }
  - { id: ird, name: { zh: 教室楼顶接收机, en: Receiver on the roof }, link: satellite, probe: snmp, address: "192.0.2.10?profile=novra-s400" }
`;
const satellite =
  'satellite: { id: sat, longitudeDeg: 130, downlinkGHz: 12.5, dishDiameterM: 1.2, assumed: true }';

const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;
let here: Visit;

beforeAll(async () => {
  ({ hub, browser } = await startConsoleOnHub(cleanUp));
  await importInventory(hub, head + school(''));
  here = await visit(browser, { locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
  here.page.setDefaultTimeout(10_000);
  await here.page.goto(await signInLink(hub));
  await here.page.getByRole('heading', { name: '教室总览' }).waitFor();
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('the page of a school', () => {
  it('says what the inventory lacks before sun outages can be told', async () => {
    await here.page.goto(`${hub.url}/schools/local/arou`);
    await here.page
      .getByText('清单缺少卫星（longitudeDeg、downlinkGHz、dishDiameterM）、学校纬度（lat）、学校经度（lon）')
      .waitFor();
  });

  it('tells the next season of sun outages in the time of the county, and the lessons that they touch', async () => {
    await importInventory(hub, `${head}\n${satellite}${school('lat: 37.97, lon: 100.92,')}`);
    const { page } = here;
    await page.reload();
    const panel = page.getByRole('region', { name: '日凌' });
    await panel.locator('tbody tr').first().waitFor();
    await panel.getByText('按 130°E 卫星、12.5 GHz、1.2 米天线计算。 这些数值为假定值。').waitFor();

    const expected = nextSeason(Date.now() / 1000);
    const rows = await panel.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s+/).filter((cell) => /^\d\d:\d\d$/.test(cell)))).toEqual(
      expected.map(({ begin, peak, end }) => [begin, peak, end].map(shanghaiClock)),
    );
    // A quarter past eleven, on schooldays: the fourth lesson.
    expect(rows.map((row) => row.includes('第 4 节'))).toEqual(
      expected.map(({ begin }) => ![0, 6].includes(new Date((begin + 8 * 3600) * 1000).getUTCDay())),
    );
    const [first] = expected;
    if ((first?.begin ?? 0) > Date.now() / 1000)
      await panel.getByText(`${shanghaiClock(first?.begin ?? 0)} 之前没有日凌`).waitFor();
  });

  it('tells the bandwidth by day, marks what was cut short, and says in which room it was tested', async () => {
    const { page } = here;
    await page.getByText('30 天内没有测试').waitFor();
    const place = { county: 'local', school: 'arou', classroom: 'c1' };
    const agent = await HandMadeAgent.enrol(hub, await codeFrom(hub, place));
    await agent.connect();
    cleanUp.push(() => agent.end());
    const fields = 'ok=true,download_bit_s=42000000,download_cut_short="bytes",upload_bit_s=9300000';
    const time = Math.floor(Date.now() / 1000) - 1;
    await agent.sendLines([`throughput,link=broadband,target=bandwidth ${fields} ${time}`], '0utb0x00', 1);
    await agent.next('commit');

    await page.reload();
    const panel = page.getByRole('region', { name: '带宽' });
    await panel.getByText('42 Mbit/s').first().waitFor();
    expect(await panel.locator('.rates > div').allTextContents()).toEqual([
      '下载42 Mbit/s提前结束：到达流量上限',
      '上传9.3 Mbit/s30 天中位数：9.3 Mbit/s',
    ]);
    expect(await panel.locator('.bandwidth-bar.is-short[height="38"]').count()).toBe(1);
    await panel.getByText('30 天内共 1 次测试').click();
    expect(await panel.locator('tbody td').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d+\/\d+ \d\d:\d\d$/),
      '网班 1',
      expect.stringContaining('42 Mbit/s'),
      '9.3 Mbit/s',
    ]);

    await page.getByRole('link', { name: '网班 1' }).click();
    await page.waitForURL('**/classrooms/local/arou/c1');
    await page.getByRole('region', { name: '带宽' }).getByText('42 Mbit/s').first().waitFor();
  });

  it.each(phones)('fits a phone of 360 pixels (%s, %s)', async (...phone) => {
    await expectToFitPhone({ hub, browser }, phone, async (page) => {
      await page.goto(`${hub.url}/schools/local/arou`);
      await page.locator('.sun-outages tbody tr').first().waitFor();
      await page.locator('.unmeasured').waitFor();
      await page.locator('.bandwidth summary').click();
    });
  });

  it('tells those who make no codes that nobody measures its receiver, and whom to ask', async () => {
    const added = await tongtang(['user', 'add', 'ma'], hub.environment, 'a long password\n');
    expect(added.code, added.output).toBe(0);
    const { page, complaints } = await visit(browser, { locale: 'zh-CN' });
    await page.goto(await signInLink(hub, 'ma'));
    await page.getByRole('link', { name: '阿柔小学' }).click();
    const note = page.getByRole('region', { name: '接收机无人测量' });
    await note.getByText('请管理员生成接入码').waitFor();
    expect(await note.getByRole('button').allTextContents()).toEqual(['复制']);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says that nobody measures its receiver until a machine beside it reports, and leads to its code', async () => {
    const { page } = here;
    await page.goto(hub.url);
    const mark = page.locator('.school .unmeasured-mark');
    await mark.getByText('接收机无人测量').waitFor();
    await page.getByRole('link', { name: '阿柔小学' }).click();
    const note = page.getByRole('region', { name: '接收机无人测量' });
    await note.getByText('清单中有教室楼顶接收机，但本校还没有接收机旁的电脑').waitFor();
    await note.getByText('npx tongtang enrolment code local/arou/c1 --kind receiver').waitFor();

    await note.getByRole('button', { name: '添加接收机旁的电脑' }).click();
    const asked = page.waitForRequest('**/enrolment-codes');
    await page.getByRole('button', { name: '生成接入码' }).click();
    expect((await asked).postDataJSON()).toMatchObject({ school: 'arou', kind: 'receiver' });
    const code = (await page.locator('dialog .code').textContent()) ?? '';
    await page.keyboard.press('Escape');
    const beside = await HandMadeAgent.enrol(hub, code);
    await beside.connect();
    cleanUp.push(() => beside.end());
    const time = Math.floor(Date.now() / 1000);
    await beside.sendLines([`signal,link=satellite,target=ird ok=true,locked=true ${time}`], '0utb0x01', 1);
    await note.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '本县' }).click();
    await page.getByRole('heading', { name: '教室总览' }).waitFor();
    expect(await mark.count()).toBe(0);
  });

  it('gave the browser nothing to complain of', () => {
    expect(here.complaints).toEqual([]);
  });
});

/** Spring and autumn: the first half year that is not over. */
function nextSeason(now: number): ReturnType<typeof sunOutages> {
  const year = new Date(now * 1000).getUTCFullYear();
  const place = { lat: 37.97, lon: 100.92, heightM: 0 };
  const halves = [year, year + 1].flatMap((each) => {
    const all = sunOutages(place, 130, { dishDiameterM: 1.2, downlinkGHz: 12.5 }, each);
    const summer = Date.UTC(each, 5, 21) / 1000;
    return [all.filter(({ begin }) => begin < summer), all.filter(({ begin }) => begin > summer)];
  });
  return halves.find((half) => (half.at(-1)?.end ?? 0) > now) ?? [];
}
