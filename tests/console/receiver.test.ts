import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFrom } from '../services/api.ts';
import type { TestHub } from '../services/tongtang.ts';
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

/**
 * The satellite side in a real browser on a real hub, which is told over the real wire what a machine beside a receiver
 * measures. The tests go on where the one before ended, as a rainy morning does.
 */

const inventory = `
county: { id: local, name: { zh: 本县, en: County }, timezone: Asia/Shanghai }
schools:
  - id: arou
    name: { zh: 阿柔小学, en: Arou Primary }
    classrooms:
      - { id: machine-room, name: { zh: 机房, en: Machine room } }
  - id: mole
    name: { zh: 默勒小学, en: Mole Primary }
    classrooms:
      - { id: machine-room, name: { zh: 机房, en: Machine room } }
targets:
  - { id: ird, name: { zh: 接收机, en: Receiver }, link: satellite, probe: snmp, address: "192.0.2.10?profile=novra-s400" }
  - { id: tv, name: { zh: 直播课, en: Live lessons }, link: stream, probe: mpegts, address: "udp://239.1.1.1:5000" }
`;

const room = (school: string): string => `/classrooms/local/${school}/machine-room`;
const cleanUp: (() => unknown)[] = [];
let hub: TestHub;
let browser: Browser;
let here: Visit;
let receiver: Machine;
let other: Machine;

beforeAll(async () => {
  ({ hub, browser } = await startConsoleOnHub(cleanUp));
  await importInventory(hub, inventory);
  receiver = await Machine.start('arou');
  other = await Machine.start('mole');
  here = await visit(browser, { locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
  here.page.setDefaultTimeout(10_000);
  await here.page.goto(await signInLink(hub));
  await here.page.getByRole('heading', { name: '教室总览' }).waitFor();
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('the page of a receiver', () => {
  it('says that there is lock and since when, with the figures and the margin over the threshold', async () => {
    const start = now() - 90;
    await receiver.send(
      signal(start - 10, 'ok=true,locked=false'),
      ...everyTenSeconds(start, now()).map((time) => signal(time, locked(5.4))),
      signal(
        now(),
        `${locked(5.4)},level_dbm=-42.5,ber_pre=0.0000021,symbol_rate=27500000i,frequency_hz=1190500000i`,
      ),
    );
    const { page } = here;
    await page.goto(hub.url + room('arou'));
    const card = page.getByRole('region', { name: '卫星接收机' });
    await card.getByText('已锁定').waitFor();
    await card.getByText(`自 ${shanghaiClock(start)} 起`).waitFor();
    await card.getByText('失锁 1 次').waitFor();
    expect(await figures(page)).toEqual(['14.3 dB', '8.9 dB', '5.4 dB']);
    expect(await facts(page)).toEqual({
      调制编码: 'DVB-S2 8PSK 3/4',
      频率: '1,190.5 MHz',
      符号率: '27.5 MBd',
      电平: '-42.5 dBm',
      纠错前误码率: '2.1E-6',
      不可纠包: '0',
      原始读数: 'lock=1; EsNo=14.3 dB',
    });
    await card
      .locator('.chart', { hasText: '载噪比与门限' })
      .locator('.u-legend', { hasText: /门限\s*8\.9/ })
      .waitFor();
  });

  it('tells what the same machine measures of the lessons’ streams, errors added up over the range', async () => {
    const readings = [120, 60, 0].map((ago, index) =>
      stream(
        now() - ago,
        `ok=true,stream_bit_s=6200000,absent_s=${index === 1 ? 4 : 0},continuity_errors=${index + 1}i,pat_errors=2i`,
      ),
    );
    await receiver.send(...readings);
    const { page } = here;
    // What comes before the page listens, it would only see at the next reading.
    await Promise.all([page.waitForResponse('**/api/v1/live?**'), page.reload()]);
    const streams = page.getByRole('region', { name: '直播流' }).first();
    await streams.getByText('6.2 Mbit/s').waitFor();
    // The sums over the range are fetched after the newest reading is shown.
    const figuresOfStream = () => streams.locator('.stream-figures > div').allTextContents();
    await expect
      .poll(figuresOfStream, { timeout: 20_000 })
      .toEqual(['码率6.2 Mbit/s', '连续计数错误6', '断流时长4秒', '评分–']);
  });

  it('says live that the lock is gone, what to check, and that the dish next door has a signal', async () => {
    await other.send(signal(now(), locked(6)));
    await receiver.send(signal(now() + 1, 'ok=true,locked=false,raw="lock=0"'));
    const card = here.page.getByRole('region', { name: '卫星接收机' });
    await card.getByText('未锁定').waitFor();
    await card.getByText('高频头电缆').waitFor();
    await card.getByText('本县另有 1 台接收机信号正常').waitFor();
    expect(await figures(here.page)).toEqual([]);
  });

  it('looks different when the receiver does not answer: nothing is said of the dish then', async () => {
    await receiver.send(signal(now() + 2, 'ok=false,failure="path",error="timeout"'));
    const card = here.page.getByRole('region', { name: '卫星接收机' });
    await card.getByText('没有应答').waitFor();
    await card.getByText('天线情况不明').waitFor();
    await card.getByText('超时').waitFor();
    expect(await card.getByText('未锁定').count()).toBe(0);
    expect(await card.locator('.verdict.is-lost').count()).toBe(1);
    expect(here.loads()).toBe(3);
  });

  it('says that it is the Sun while it is: there is nothing to mend then', async () => {
    // The Sun cannot be had at a wish: the hub's answer is of another day.
    const outage = {
      begin: now() - 60,
      peak: now() + 100,
      end: now() + 260,
      separationDeg: 0.1,
      lessons: [],
    };
    const answer = { missing: [], belowHorizon: false, outages: [outage] };
    await here.page.route('**/sun-outages', (route) => route.fulfill({ json: answer }));
    await receiver.send(signal(now() + 3, 'ok=true,locked=false'));
    const card = here.page.getByRole('region', { name: '卫星接收机' });
    await card.getByText(`太阳正在卫星背后，至 ${shanghaiClock(outage.end)} 结束`).waitFor();
    expect(await card.getByText('高频头电缆').count()).toBe(0);
  });

  it.each(phones)('fits a phone of 360 pixels (%s, %s)', async (...phone) => {
    await expectToFitPhone({ hub, browser }, phone, async (page) => {
      await page.goto(hub.url + room('arou'));
      await page.locator('.verdict').waitFor();
    });
  });

  it('gave the browser nothing to complain of', () => {
    expect(here.complaints).toEqual([]);
  });
});

/** A machine beside a receiver, as the hub hears it. */
class Machine {
  readonly #agent: HandMadeAgent;
  #sent = 0;

  static async start(school: string): Promise<Machine> {
    const agent = await HandMadeAgent.enrol(
      hub,
      await codeFrom(hub, { county: 'local', school, classroom: 'machine-room' }),
    );
    await agent.connect();
    cleanUp.push(() => agent.end());
    await agent.sayStatus({});
    return new Machine(agent);
  }

  private constructor(agent: HandMadeAgent) {
    this.#agent = agent;
  }

  /** Returns when the hub has them for good. */
  async send(...lines: readonly string[]): Promise<void> {
    await this.#agent.sendLines(lines, '0utb0x00', this.#sent + 1);
    this.#sent += lines.length;
    await this.#agent.next('commit');
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function everyTenSeconds(from: number, to: number): number[] {
  return Array.from({ length: Math.floor((to - from) / 10) }, (_, index) => from + index * 10);
}

const signal = (time: number, fields: string): string => `signal,link=satellite,target=ird ${fields} ${time}`;
const stream = (time: number, fields: string): string => `mpegts,link=stream,target=tv ${fields} ${time}`;

/** 8PSK 3/4 needs 7.91 dB and a real receiver 1 dB more. */
function locked(marginDb: number): string {
  const cn = (8.91 + marginDb).toFixed(1);
  return `ok=true,locked=true,cn_db=${cn},margin_db=${(Number(cn) - 8.91).toFixed(2)},uncorrected=0i,modulation="DVB-S2 8PSK 3/4",raw="lock=1; EsNo=${cn} dB"`;
}

function figures(page: Page): Promise<string[]> {
  return page.locator('.key-figures dd').allTextContents();
}

async function facts(page: Page): Promise<Record<string, string>> {
  const [names, values] = await Promise.all([
    page.locator('.receiver .facts dt').allTextContents(),
    page.locator('.receiver .facts dd').allTextContents(),
  ]);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
