import { join } from 'node:path';
import { HistoryMinutes } from '@tongtang/cli/demo/history-minutes';
import { ConclusionKeeper } from '@tongtang/hub/conclusions/conclusion-keeper';
import { CountyWatch } from '@tongtang/hub/incidents/county-watch';
import { incidentsIn } from '@tongtang/hub/incidents/incidents-file';
import { LiveFleet } from '@tongtang/hub/live/fleet';
import { minutesIn } from '@tongtang/hub/minutes/minutes-file';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import { openCountyDays } from '@tongtang/hub/readiness/county-days';
import { fromIncidents } from '@tongtang/hub/readiness/from-incidents';
import { LessonChecks } from '@tongtang/hub/readiness/lesson-checks';
import { openSunOutages } from '@tongtang/hub/sun-outages';
import type { Place } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { heardUntil } from '@tongtang/simulator/live/live-county';
import { openConclusionJournal } from '@tongtang/store/conclusions/journal';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { InfluxConclusions } from '@tongtang/store/influx/conclusions';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openReadinessResults, type ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import { type DecodedSample, decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import { wordsOf } from '../services/minutes-in-county.ts';

/** What a hub concludes of the simulated county, made by the parts of the hub that do so, at a moment of the tests. */

const log = createLog('error');
/** Of yesterday and today there are minutes. */
const settledS = 36 * 3600;
/** For so long incidents are looked for. */
const watchedS = 2 * 3600;
/** How often was measured in what minutes are made of: often enough that each is known. */
const minutePaceS = 120;
const often: ReadonlySet<string> = new Set(['stamp', 'ping', 'signal', 'mpegts', 'agent']);

type World = Readonly<{
  county: SimulatedCounty;
  /** With a place for each school. */
  inventory: Inventory;
  registry: Registry;
  /** Of each machine, by its name. */
  places: ReadonlyMap<string, Place>;
  now: number;
}>;

/**
 * Has a hub conclude, and write it to the InfluxDB that its telemetry is in.
 * @param location of the InfluxDB
 * @param checkedAt when the lessons that begin soon were checked
 */
export async function concludeCounty(
  county: SimulatedCounty,
  folder: string,
  location: string,
  { now, checkedAt }: Readonly<{ now: number; checkedAt: number }>,
): Promise<void> {
  const registry = openRegistry(join(folder, 'hub', 'registry.db'), log, () => new Date(now * 1000));
  const incidents = openIncidentStore(incidentsIn(folder), log);
  const readiness = openReadinessResults(join(folder, 'hub', 'lessons.db'), log);
  try {
    const inventory = mapped(county.inventory);
    const world = { county, inventory, registry, places: settle(registry, inventory, county), now };
    await keepMinutes(world, folder);
    announce(incidents, now);
    await watch(world, incidents);
    await check(world, incidents, readiness, checkedAt);
    await write(world, folder, location, incidents, readiness);
  } finally {
    readiness.close();
    incidents.close();
    registry.close();
  }
}

/** The inventory of Qilian says of no school where it is. */
function mapped(inventory: Inventory): Inventory {
  return {
    ...inventory,
    schools: inventory.schools.map((school, index) => ({
      ...school,
      lat: 38 + (index % 4) / 20,
      lon: 100 + Math.floor(index / 4) / 10,
    })),
  };
}

function settle(registry: Registry, inventory: Inventory, county: SimulatedCounty): Map<string, Place> {
  registry.importInventory(inventory, 'test');
  return new Map(
    county.machines.map(({ name, kind, school, classroom }) => {
      const seat = { county: inventory.county.id, school: school.id, classroom, kind };
      const code = registry.createEnrolmentCode(seat, 'test');
      const answer = registry.enrol({ code: code.ok ? code.code : '', passwordHash: '$7$1$YQ==$YQ==' });
      if (!answer.ok) throw new Error(answer.reason);
      return [name, answer.agent.place];
    }),
  );
}

async function keepMinutes({ county, places, now }: World, folder: string): Promise<void> {
  const from = now - settledS;
  const minutes = new HistoryMinutes(folder, { county, places, enrolled: new Map(), toldTo: from });
  try {
    for (let start = from; start < now; start += 6 * 3600) {
      const end = Math.min(start + 6 * 3600, now);
      const told = county.machines.map((machine): PlacedSamples => {
        const span = [heardUntil(county, machine, start), heardUntil(county, machine, end)] as const;
        return {
          place: placeOf(places, machine),
          samples: samplesOf(county, machine, ...span, minutePaceS),
        };
      });
      await minutes.take(told, end);
    }
  } finally {
    minutes.close();
  }
}

/** Work that took nothing away from a lesson. */
function announce(incidents: IncidentStore, now: number): void {
  const night = { kind: 'once', start: now - 8 * 3600, end: now - 7 * 3600 } as const;
  incidents.keepWindow('qilian', { id: 'all', note: '机房停电检修', ...night });
  for (const school of ['mzzx', 'babao'])
    incidents.keepWindow('qilian', { id: `of-${school}`, school, note: '更换交换机', ...night });
}

async function watch({ county, registry, places, now }: World, store: IncidentStore): Promise<void> {
  const { id } = county.inventory.county;
  const from = now - watchedS;
  store.hear(
    county.machines.flatMap((machine) =>
      wordsOf(county, machine, { from, to: now }).map(
        (word) => [id, placeOf(places, machine).agent, word] as const,
      ),
    ),
  );
  store.keepProgress(id, { aways: [], cut: from, unsavedFrom: from });
  const machines = new Map(county.machines.map((machine) => [placeOf(places, machine).agent, machine]));
  const measured = new Map<string, readonly DecodedSample[]>();
  const watching = new CountyWatch({
    county: id,
    store,
    evidence: {
      samples: async ({ agent, measurement, from: begin, to }) => {
        const machine = machines.get(agent);
        if (machine === undefined) return [];
        const all = measured.get(agent) ?? samplesOf(county, machine, from, heardUntil(county, machine, now));
        measured.set(agent, all);
        return all.filter((one) => one.measurement === measurement && one.time >= begin && one.time < to);
      },
    },
    source: { registry, sunOutages: openSunOutages(), bytesPerDay: 2_200_000 },
    changed: () => {},
    nowS: () => now,
    calm: async () => {},
    log,
  });
  await watching.begin(undefined);
  watching.look();
}

async function check(
  { county, registry, places }: World,
  incidents: IncidentStore,
  results: ReadinessResults,
  checkedAt: number,
): Promise<void> {
  // Since the hub started all agents had their time to come back.
  let clock = checkedAt - 3600;
  const nowS = () => clock;
  const fleet = new LiveFleet({ registry, commands: { live: async () => {} }, nowS });
  const days = openCountyDays(registry);
  const checks = new LessonChecks({
    registry,
    fleet,
    days,
    results,
    ...fromIncidents(incidents, registry, nowS),
    sunOutages: openSunOutages(),
    count: () => {},
    mayRun: () => true,
    nowS,
    log,
  });
  clock = checkedAt;
  for (const machine of county.machines) {
    const agent = registry.agent(placeOf(places, machine).agent);
    if (agent === undefined) continue;
    fleet.setStatus(agent, 'online', '0.1.0');
    fleet.observe(agent.id, [...samplesOf(county, machine, clock - 900, heardUntil(county, machine, clock))]);
  }
  await checks.look();
  days.stop();
}

async function write(
  { registry, now }: World,
  folder: string,
  location: string,
  incidents: IncidentStore,
  readiness: ReadinessResults,
): Promise<void> {
  const minutes = openMinutes(minutesIn(folder), log);
  const influx = new InfluxConclusions(parseInfluxLocation(location), log);
  const journal = openConclusionJournal(join(folder, 'hub', 'conclusions.db'), log);
  const nowS = () => now;
  const surroundings = surroundingsOf(
    (of, { from, to }) => incidents.list({ county: of, from, to }),
    (of) => incidents.windows(of),
    nowS,
  );
  try {
    await new ConclusionKeeper({
      influx,
      journal,
      registry,
      incidents,
      minutes,
      outcomes: { minutes, surroundings, log },
      readiness,
      sunOutages: openSunOutages(),
      mayRun: () => true,
      busy: () => false,
      log,
      nowS,
    }).writeAll();
  } finally {
    influx.close();
    journal.close();
    minutes.close();
  }
}

function placeOf(places: World['places'], { name }: Machine): Place {
  const place = places.get(name);
  if (place === undefined) throw new Error(`${name} has no place`);
  return place;
}

/** Encoded and read again, so that the hub is given what a hub is given. @param paceS how often what is measured often */
function samplesOf(
  county: SimulatedCounty,
  machine: Machine,
  from: number,
  to: number,
  paceS?: number,
): DecodedSample[] {
  return county
    .samples(machine, from, to, (measurement) => (often.has(measurement) ? paceS : undefined))
    .map((sample) => {
      const decoded = decodeLine(`${encodeReading(sample)} ${sample.time}`);
      if ('reason' in decoded) throw new Error(decoded.reason);
      return decoded;
    });
}
