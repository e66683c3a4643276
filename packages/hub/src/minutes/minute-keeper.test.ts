import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkMinutes } from '@tongtang/lessons/delivery/link-minutes';
import { decodeMinutes } from '@tongtang/lessons/delivery/runs';
import { fine, inputOf, play, type Spell, told } from '@tongtang/lessons/delivery/world.fixture';
import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import { isMeasurement } from '@tongtang/model/catalogue';
import type { LinkSample } from '@tongtang/model/link-evidence';
import { createLog } from '@tongtang/runtime/log';
import { furnished } from '@tongtang/simulator/county/furnish';
import { qilian } from '@tongtang/simulator/county/qilian';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { openInfluxStore } from '@tongtang/store/influx/store';
import { meddle } from '@tongtang/store/meddle.fixture';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import type { RegisteredAgent } from '@tongtang/store/registry/snapshot';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import type { PlacedSamples, TelemetryStore } from '@tongtang/store/telemetry';
import { type DecodedSample, decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Influxd, startInfluxd } from '../../../../tests/services/influxd.ts';
import { flood } from '../flood.fixture.ts';
import { MinuteKeeper } from './minute-keeper.ts';

/** Eight in the morning in Qilian, two days ago: InfluxDB removes what is older than its own clock lets it be. */
const date = dayOf(Date.now() / 1000 - 2 * 86_400, 'Asia/Shanghai');
const begin = secondsAt(date, '08:00', 'Asia/Shanghai');
const place = { county: 'qilian', school: 'hb3z', classroom: 'c1', agent: 'a-1' };
const log = createLog('error');
const inventory = furnished(qilian());
let folder: string;
let openStore: () => TelemetryStore;
let telemetry: TelemetryStore;
let minutes: MinutesStore;
let keeper: MinuteKeeper;
let nowS = begin;

const inSqlite = () => openSqliteStore(join(folder, 'telemetry.db'), { log, nowS: () => nowS });
let influxd: Influxd;
beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(() => influxd.stop());
let databases = 0;
const inInfluxDB = () => {
  const location = parseInfluxLocation(`${influxd.url}/minutes${databases}`);
  return openInfluxStore(location, { journal: join(folder, 'rollup.db'), log, nowS: () => nowS });
};

function open(): void {
  telemetry = openStore();
  minutes = openMinutes(join(folder, 'minutes.db'), log);
  keeper = keeperOn(telemetry);
}

function keeperOn(
  store: Pick<TelemetryStore, 'samples'>,
  busy = () => false,
  agents: readonly RegisteredAgent[] = [agent],
): MinuteKeeper {
  const registry = { inventories: () => [inventory], agents: () => [...agents] };
  return new MinuteKeeper({
    telemetry: store,
    minutes,
    registry,
    log,
    nowS: () => nowS,
    mayRun: () => true,
    busy,
  });
}

const agent = {
  id: 'a-1',
  kind: 'classroom',
  place,
  address: { county: 'qilian', school: 'hb3z', agent: 'a-1' },
  passwordHash: '',
  enrolledAt: begin - 7200,
} as const;

/** Stands before it in every round. */
const stolen = { ...agent, id: 'a-0', place: { ...place, agent: 'a-0' } };

async function close(): Promise<void> {
  await keeper.stop();
  await telemetry.close();
  minutes.close();
}

/** The samples of a course, moved to the tests' day, and what becomes of them without a store. */
function course(...spells: Spell[]) {
  const played = play(spells);
  const shift = begin - inputOf(played).from;
  const moved = {
    samples: played.samples.map((sample): LinkSample => ({ ...sample, time: sample.time + shift })),
    heard: played.heard.map((word) => ({ ...word, time: word.time + shift })),
    to: played.to + shift,
  };
  const expected = linkMinutes(inputOf(moved, { from: begin }));
  return { ...moved, expected };
}

function placed(samples: readonly LinkSample[]): PlacedSamples {
  return {
    place,
    samples: samples.map(({ measurement, tags, time, fields }) => {
      if (!isMeasurement(measurement)) throw new Error(measurement);
      const { link, target } = tags;
      const reading = { measurement, tags: { ...(link && { link }), ...(target && { target }) }, fields };
      const line = decodeLine(`${encodeReading(reading)} ${time}`);
      if ('reason' in line) throw new Error(line.reason);
      return line;
    }),
  };
}

/** As ingest does it. */
async function store(samples: readonly LinkSample[]): Promise<void> {
  await telemetry.write([placed(samples)]);
  keeper.stored([placed(samples)]);
}

function measuredAt(time: number): DecodedSample {
  const line = decodeLine(`stamp,link=broadband,target=hub ok=true,rtt_ms=20 ${time}`);
  if ('reason' in line) throw new Error(line.reason);
  return line;
}

/** Minutes from the tests' begin on, as they are kept. */
function kept(
  count: number,
  link?: 'lan' | 'broadband' | 'satellite' | 'platform',
  { id }: Pick<RegisteredAgent, 'id'> = agent,
): string {
  const day = minutes.agentDay('qilian', date, id);
  if (day === undefined) return 'none';
  const read = decodeMinutes(day.minutes);
  const all = link === undefined ? read.machine : (read.links.get(link) ?? []);
  return told(all.slice(8 * 60, 8 * 60 + count));
}

const cut = { ...fine, line: 'down', minutes: 20 } as const;
const hour = { ...fine, minutes: 60 };

describe.each([
  ['SQLite', inSqlite],
  ['InfluxDB', inInfluxDB],
] as const)('with samples in %s', (_, opened) => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tongtang-keeper-'));
    databases += 1;
    nowS = begin;
    openStore = opened;
    open();
  });
  afterEach(close);

  describe('minutes of the present', () => {
    it('are settled some minutes after they are over, and the last ones again when more is known', async () => {
      const { samples, expected } = course(hour, cut, hour);
      for (let minute = 5; minute <= 150; minute += 5) {
        nowS = begin + minute * 60;
        await store(samples.filter(({ time }) => time >= nowS - 300 && time < nowS));
        await keeper.settleAll();
      }
      expect(minutes.settledTo('qilian')).toBe(begin + 147 * 60);
      for (const link of ['lan', 'broadband', 'satellite', 'platform'] as const)
        expect([link, kept(120, link)]).toEqual([link, told(expected.links.get(link)?.slice(0, 120))]);
      expect(kept(120, 'broadband')).toBe('good 60, down 20, good 40');
    });

    it('tell a PC that was switched off from one that fell silent', async () => {
      const { samples } = course({ ...fine, minutes: 30 });
      await store(samples);
      nowS = begin + 1798;
      keeper.heard('a-1', 'stopping');
      nowS = begin + 3600;
      await keeper.settleAll();
      expect(kept(57)).toBe('good 30, off 27');
      nowS = begin + 20 * 3600;
      await keeper.settleAll();
      const next = minutes.agentDay('qilian', plusDays(date, 1), 'a-1');
      expect(told(decodeMinutes(next?.minutes ?? new Uint8Array()).machine)).toMatch(/^off 237, unknown/);
    });
  });

  it('of an agent that says nothing at all are kept as unknown: there is one', async () => {
    nowS = begin + 3600;
    await keeper.settleAll();
    expect(kept(57)).toBe('unknown 57');
  });

  describe('what comes late', () => {
    it('is settled again, and gives what it had given in order', async () => {
      const { samples, expected } = course(hour, cut, hour);
      nowS = begin + 3 * 3600;
      await store(samples.filter((_, index) => index % 7 === 0));
      await keeper.settleAll();
      expect(kept(140, 'broadband')).not.toBe(told(expected.links.get('broadband')));
      const before = minutes.agentDay('qilian', date, 'a-1');
      nowS += 600;
      await store(samples.toReversed());
      nowS += 100;
      await keeper.settleAll();
      for (const link of ['lan', 'broadband', 'satellite', 'platform'] as const)
        expect([link, kept(140, link)]).toEqual([link, told(expected.links.get(link))]);
      const after = minutes.agentDay('qilian', date, 'a-1');
      expect(after?.revision).toBeGreaterThan(before?.revision ?? 0);
      expect(minutes.late(nowS, 10)).toEqual([]);
    });

    it('of a week is there after a process that was killed before it was settled', async () => {
      const { samples, expected } = course(hour, cut, hour);
      nowS = begin + 7 * 86_400;
      await keeper.settleAll();
      await store(samples);
      // Killed: what is in memory is gone.
      await telemetry.close();
      minutes.close();
      open();
      nowS += 300;
      await keeper.settleAll();
      expect(kept(140, 'broadband')).toBe(told(expected.links.get('broadband')));
      expect(kept(140, 'platform')).toBe(told(expected.links.get('platform')));
    });

    it('of which the disk cannot take the mark is not taken for stored, and is settled after a kill when it could', async () => {
      const { samples, expected } = course(hour, cut, hour);
      nowS = begin + 7200;
      await keeper.settleAll();
      const path = join(folder, 'minutes.db');
      meddle(
        path,
        "CREATE TRIGGER full BEFORE INSERT ON late BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
      );
      await expect(store(samples)).rejects.toThrow('disk is full');
      await expect(store(samples)).rejects.toThrow('disk is full');
      const onTime = course(hour, hour, hour).samples.filter(({ time }) => time >= nowS);
      keeper.stored([placed(onTime)]);
      meddle(path, 'DROP TRIGGER full');
      await store(samples);
      // Killed: what is in memory is gone.
      await telemetry.close();
      minutes.close();
      open();
      nowS += 300;
      await keeper.settleAll();
      expect(kept(120, 'broadband')).toBe(told(expected.links.get('broadband')?.slice(0, 120)));
    });

    it('waits while the store does not answer, and is not lost', async () => {
      const { samples, expected } = course(hour, cut, hour);
      nowS = begin + 7200;
      await keeper.settleAll();
      await store(samples);
      nowS += 300;
      const broken = keeperOn({ samples: () => Promise.reject(new Error('the store is away')) });
      await expect(broken.settleAll()).rejects.toThrow('the store is away');
      await keeper.settleAll();
      expect(kept(120, 'broadband')).toBe(told(expected.links.get('broadband')?.slice(0, 120)));
    });

    it('is not forgotten by a hub that ends while it makes room for a crowd', async () => {
      const { samples, expected } = course(hour, cut, hour);
      nowS = begin + 7200;
      await keeper.settleAll();
      await store(samples);
      nowS += 300;
      // The crowd comes when the present is settled, and the late hours are about to be.
      const held = keeperOn(telemetry, () => minutes.settledTo('qilian') === begin + 7320);
      const settling = held.settleAll();
      await vi.waitFor(() => expect(minutes.settledTo('qilian')).toBe(begin + 7320), { timeout: 20_000 });
      await held.stop();
      await settling;
      expect(minutes.late(nowS, 10)).not.toEqual([]);
      await keeper.settleAll();
      expect(minutes.late(nowS, 10)).toEqual([]);
      expect(kept(120, 'broadband')).toBe(told(expected.links.get('broadband')?.slice(0, 120)));
    });

    it('a sleep that is found out on waking is known for the evening before', async () => {
      const { samples } = course({ ...fine, minutes: 30 }, { ...fine, pc: 'asleep', minutes: 24 * 60 }, hour);
      const woke = begin + 1800 + 86_400;
      await store(samples.filter(({ time }) => time < woke));
      nowS = begin + 12 * 3600;
      await keeper.settleAll();
      expect(kept(300)).toBe('good 30, unknown 270');
      nowS = woke + 1800;
      await store(samples.filter(({ time }) => time >= woke && time < nowS));
      await keeper.settleAll();
      nowS += 120;
      await keeper.settleAll();
      expect(kept(300)).toBe('good 30, asleep 270');
    });
  });

  describe('beside an agent that measured more than anybody weighs', { timeout: 150_000 }, () => {
    it('those of others are settled, in order and late; its own are unknown in that time', async () => {
      const { samples, expected } = course(hour, cut, hour);
      const [late, onTime] = [
        samples.filter((_, index) => index % 7 !== 0),
        samples.filter((_, index) => index % 7 === 0),
      ];
      const error = vi.spyOn(log, 'error').mockReturnValue();
      keeper = keeperOn(telemetry, () => false, [stolen, agent]);
      const later = begin + 5 * 3600;
      const after = [...Array(360).keys()].map((turn) => measuredAt(later + turn * 10));
      await telemetry.write([{ place: stolen.place, samples: [...flood(begin), ...after] }, placed(onTime)]);
      nowS = later + 3600;
      await keeper.settleAll();
      expect(minutes.settledTo('qilian')).toBe(nowS - 180);
      expect(kept(140, 'broadband')).not.toBe(told(expected.links.get('broadband')));

      await store(late);
      keeper.stored([{ place: stolen.place, samples: [measuredAt(begin + 60)] }]);
      nowS += 300;
      await keeper.settleAll();
      expect(minutes.late(nowS, 10)).toEqual([]);
      expect(kept(140, 'broadband')).toBe(told(expected.links.get('broadband')));
      expect(kept(300, undefined, stolen)).toBe('unknown 300');
      expect(kept(360, 'broadband', stolen)).toBe('unknown 300, good 60');
      expect(error.mock.calls).toMatchObject([
        [{ agent: 'a-0' }, expect.stringContaining('tongtang enrolment revoke')],
      ]);
    });
  });

  describe('a hub that did not run', () => {
    it('says nothing of the line in that time', async () => {
      const { samples } = course({ ...fine, minutes: 30 }, cut, hour);
      nowS = begin + 1800;
      keeper.start();
      await keeper.stop();
      nowS += 1200;
      keeper = keeperOn(telemetry);
      keeper.start();
      await store(samples);
      nowS = begin + 2 * 3600;
      await keeper.settleAll();
      expect(kept(110, 'broadband')).toBe('good 30, unknown 20, good 60');
      expect(kept(110, 'lan')).toBe('good 110');
    });
  });
});
