import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import { qilian } from '@tongtang/simulator/county/qilian';
import { type Pace, SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import type { Fault } from '@tongtang/simulator/faults/script';
import { heardUntil } from '@tongtang/simulator/live/live-county';
import { InfluxQueries, type Rows } from '@tongtang/store/influx/ask';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { openTelemetryStore } from '@tongtang/store/open';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import { decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import { startInfluxd } from '../services/influxd.ts';
import { concludeCounty } from './concluded-county.ts';

/** A Friday morning in a lesson: the end of the week that is in the database. */
export const now = Date.parse('2027-03-05T10:30:00+08:00') / 1000;
export const weekS = 7 * 86_400;
/** How often was measured, in seconds, long before the end and just before it: more would show nothing more, and take longer. */
const sparse = { often: 3600, rest: 14_400 } as const;
const dense = { often: 60, rest: 300, fromEndS: 3600 } as const;
const often: ReadonlySet<string> = new Set(['stamp', 'ping', 'signal', 'mpegts', 'agent']);
/** The store's clock goes ahead by so much at a time, and it rolls up what has passed. Seconds. */
const stepS = 86_400;

/** What is wrong at the end, each somewhere else, and nothing in the school that comes first by name: pages open with it. */
export const wrong = {
  withoutLock: 'mzzx',
  withoutHub: 'arou',
  backlog: 'ebao',
  fullDisk: { school: 'xx1', classroom: 'c1' },
  wrongClock: { school: 'xx2', classroom: 'c1' },
} as const;

/** Until then nothing is wrong but the backlog. */
export const beganAt = now - 1500;

/** Five minutes before the lesson that is on at the end: then it was wrong already. */
const checkedAt = now - 900;

const faults: readonly Fault[] = [
  { kind: 'lnb', place: { kind: 'school', id: wrong.withoutLock }, begin: beganAt, end: now + 3600 },
  { kind: 'fibre-cut', place: { kind: 'school', id: wrong.withoutHub }, begin: beganAt, end: now + 3600 },
  // What was measured in thirty hours takes some minutes to be sent.
  {
    kind: 'fibre-cut',
    place: { kind: 'school', id: wrong.backlog },
    begin: now - 30 * 3600 - 120,
    end: now - 120,
  },
  {
    kind: 'full-disk',
    place: { kind: 'classroom', school: wrong.fullDisk.school, id: wrong.fullDisk.classroom },
    begin: beganAt,
    end: now + 3600,
  },
  {
    kind: 'wrong-clock',
    place: { kind: 'classroom', school: wrong.wrongClock.school, id: wrong.wrongClock.classroom },
    begin: beganAt,
    end: now + 3600,
  },
];

export type CountyInInfluxdb = Readonly<{
  county: SimulatedCounty;
  /** The rows of each series that a statement answers with. @throws where InfluxDB refuses it */
  ask: (statement: string) => Promise<Rows[]>;
  remove: () => Promise<void>;
}>;

/** A week of Qilian in a real InfluxDB, written and rolled up by the store of the hub, with what the hub concluded of its end. */
export async function countyInInfluxdb(pace: Pace = sparsely): Promise<CountyInInfluxdb> {
  const influxd = await startInfluxd({ inMemory: true });
  const location = `${influxd.url}/tongtang`;
  const queries = new InfluxQueries(parseInfluxLocation(location));
  const ask = async (statement: string): Promise<Rows[]> => {
    const found: Rows[] = [];
    for await (const rows of queries.rows(statement)) found.push(rows);
    return found;
  };
  // The server knows only the real time, and would remove what lies too far from it.
  await ask('CREATE DATABASE "tongtang"');
  for (const policy of ['raw', 'minute'])
    await ask(`CREATE RETENTION POLICY "${policy}" ON "tongtang" DURATION INF REPLICATION 1`);
  const county = new SimulatedCounty({
    inventory: qilian(),
    seed: 1,
    script: { faults },
    // So that whatever room a page opens with is there.
    allOnFrom: now - dense.fromEndS,
  });
  let clock = now - weekS;
  const store = await openTelemetryStore(location, {
    dataFolder: influxd.folder,
    log: createLog('error'),
    nowS: () => clock,
  });
  while (clock < now) {
    const from = clock;
    clock = Math.min(clock + stepS, now);
    const told = county.machines.map((machine) =>
      measured(county, machine, heardUntil(county, machine, from), heardUntil(county, machine, clock), pace),
    );
    const { refused } = await store.write(told);
    if (refused[0] !== undefined) throw new Error(`${refused[0].line}: ${refused[0].reason}`);
    await store.maintain(clock);
  }
  await store.close();
  await concludeCounty(county, influxd.folder, location, { now, checkedAt });
  return {
    county,
    ask,
    remove: async () => {
      queries.close();
      await influxd.stop();
    },
  };
}

function sparsely(measurement: string, time: number): number {
  const pace = time < now - dense.fromEndS ? sparse : dense;
  return often.has(measurement) ? pace.often : pace.rest;
}

/** Encoded and read again, so that the store is given what a hub gives it. */
function measured(
  county: SimulatedCounty,
  machine: Machine,
  from: number,
  to: number,
  pace: Pace,
): PlacedSamples {
  const { school, classroom, name } = machine;
  const place = {
    county: county.inventory.county.id,
    ...(school.cluster !== undefined && { cluster: school.cluster }),
    school: school.id,
    classroom,
    agent: name.replace('/', '-'),
  };
  const samples = county.samples(machine, from, to, pace).map((sample) => {
    const decoded = decodeLine(`${encodeReading(sample)} ${sample.time}`);
    if ('reason' in decoded) throw new Error(decoded.reason);
    return decoded;
  });
  return { place, samples };
}
