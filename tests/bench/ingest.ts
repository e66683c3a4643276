import type { Backlog } from '@tongtang/simulator/backlog';
import { Simulator } from '@tongtang/simulator/simulator';
import { startInfluxd } from '../services/influxd.ts';
import { atLeast, type Benchmark, figure, median } from './benchmark.ts';
import { type County, type Store, settleCounty, startHubOf } from './county.ts';
import { type Body, bodiesOf, RawWriter } from './raw-lines.ts';
import { tidily } from './tidily.ts';

const agents = 50;
/** A hundred reports of three samples in each batch: a quarter of an hour, as an agent sends them after an outage. */
const reportsPerBatch = 100;
/** Batches of each agent: first those for which nobody looks at the clock, so that each side has warmed up. */
const batches = { warmUp: 6, measured: 20 } as const;
const rounds = 5;

/**
 * How fast a hub takes in the backlog of a county after an outage, from MQTT publish to commit, beside what the same
 * InfluxDB takes of the same points as raw lines. Each leg has processes and folders of its own, with the same points;
 * the legs take turns, and the ratios are those within a round. What is sent is packed beforehand on either side.
 * Rollups, which a hub makes a minute after its start at the earliest, come after the end of a leg.
 */
export const ingest: Benchmark = {
  name: 'ingest',
  about: 'samples per second from MQTT publish to commit, beside raw lines straight to InfluxDB',
  run: ({ say }) =>
    tidily(async (atEnd) => {
      const county = settleCounty(agents, atEnd);
      const simulator = new Simulator();
      atEnd(() => simulator.stop());
      await simulator.settle(county.residents.map(({ enrolled }) => enrolled));
      const all = { batches: batches.warmUp + batches.measured, reportsPerBatch };
      const backlog = { ...all, untilS: Math.floor(Date.now() / 1000) };
      const bodies = bodiesOf(county.residents, backlog);
      await pack(simulator, county, backlog);

      const found: Record<'influxdb' | 'direct' | 'sqlite', number[]> = {
        influxdb: [],
        direct: [],
        sqlite: [],
      };
      for (let round = 1; round <= rounds; round += 1) {
        const influxdb = await throughHub(simulator, county, 'influxdb');
        const direct = Math.max(await straight(bodies, 1), await straight(bodies, 2));
        const sqlite = await throughHub(simulator, county, 'sqlite');
        found.influxdb.push(influxdb);
        found.direct.push(direct);
        found.sqlite.push(sqlite);
        const shown = [influxdb, direct, sqlite].map((rate) => Math.round(rate).toLocaleString('en'));
        say(
          `round ${round} of ${rounds}: InfluxDB ${shown[0]}, direct ${shown[1]}, SQLite ${shown[2]} samples/s`,
        );
      }
      const { influxdb, direct, sqlite } = found;
      return [
        figure('ingest.influxdb', median(influxdb), 'samples/s'),
        figure('ingest.influxdb.direct', median(direct), 'points/s'),
        atLeast('ingest.influxdb.ratio', median(ratios(influxdb, direct)), '1', 0.6),
        figure('ingest.sqlite', median(sqlite), 'samples/s'),
        atLeast('ingest.sqlite.ratio', median(ratios(sqlite, influxdb)), '1', 1),
      ];
    }),
};

/** The agents use the dictionary once a hub has listed it. */
function pack(simulator: Simulator, county: County, backlog: Backlog): Promise<void> {
  return tidily(async (atEnd) => {
    const { broker } = await startHubOf(county, 'sqlite', atEnd);
    await simulator.connect(broker);
    await simulator.pack(backlog);
    await simulator.disconnect();
  });
}

/** @returns samples per second */
function throughHub(simulator: Simulator, county: County, store: Store): Promise<number> {
  return tidily(async (atEnd) => {
    const { broker } = await startHubOf(county, store, atEnd);
    await simulator.connect(broker);
    await simulator.drain(batches.warmUp);
    const { samples, seconds } = await simulator.drain(batches.measured);
    await simulator.disconnect();
    return samples / seconds;
  });
}

/** @returns points per second */
function straight(bodies: readonly Body[], inFlight: number): Promise<number> {
  return tidily(async (atEnd) => {
    const influxd = await startInfluxd();
    atEnd(() => influxd.stop());
    const writer = await RawWriter.open(influxd.url);
    atEnd(() => writer.close());
    const measuredFrom = Math.round((bodies.length * batches.warmUp) / (batches.warmUp + batches.measured));
    await writer.write(bodies.slice(0, measuredFrom), inFlight);
    return writer.write(bodies.slice(measuredFrom), inFlight);
  });
}

function ratios(values: readonly number[], beside: readonly number[]): number[] {
  return values.map((value, round) => value / (beside[round] ?? Number.NaN));
}
