import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import type { Place } from '@tongtang/model/catalogue';
import { buildInventory, type InventoryDocument } from '@tongtang/model/inventory';
import { type HostPort, parseListen } from '@tongtang/runtime/host-port';
import { createLog } from '@tongtang/runtime/log';
import type { Enrolled } from '@tongtang/simulator/session';
import type { Seat } from '@tongtang/store/registry/enrolment';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { startInfluxd } from '../services/influxd.ts';
import { dataFolder, type Elsewhere, startTestHub, type TestHub } from '../services/tongtang.ts';
import type { AtEnd } from './tidily.ts';

/** An agent that may sign in, and where the inventory says that it lives. */
export type Resident = Readonly<{ enrolled: Enrolled; place: Place }>;

/** Enrolled agents, and a data folder with the registry that knows them. */
export type County = Readonly<{ residents: readonly Resident[]; data: string }>;

const county = 'bench';
const classroomsPerSchool = 20;
const schoolsPerCluster = 5;

/**
 * Makes a county with an agent in each of so many classrooms. They are enrolled in the registry itself: over the API a
 * machine may enrol sixty a minute.
 */
export function settleCounty(agents: number, atEnd: AtEnd): County {
  const data = dataFolder();
  atEnd(data.remove);
  const registry = openRegistry(registryIn(data.path), createLog('error'));
  try {
    importInto(registry, inventoryFor(agents));
    const residents = Array.from({ length: agents }, (_, number): Resident => {
      const seat = { county, school: schoolOf(number), classroom: classroomOf(number) };
      return enrolIn(registry, seat);
    });
    return { residents, data: data.path };
  } finally {
    registry.close();
  }
}

/**
 * What people do to a running hub's registry, from the command line: somebody enrols another machine, and each third
 * time the whole county gets another configuration.
 */
export function changeRegistry(folder: string, { residents }: County, change: number): void {
  const registry = openRegistry(registryIn(folder), createLog('error'));
  try {
    if (change % 3 === 2) importInto(registry, inventoryFor(residents.length, 60 + change));
    else enrolIn(registry, { county, school: schoolOf(0), classroom: classroomOf(0) });
  } finally {
    registry.close();
  }
}

function enrolIn(registry: Registry, seat: Seat): Resident {
  const password = makePassword();
  const made = registry.createEnrolmentCode({ ...seat, kind: 'classroom' }, 'bench');
  if (!made.ok) throw new Error(made.problem);
  const result = registry.enrol({ code: made.code, passwordHash: hashPassword(password) });
  if (!result.ok) throw new Error(result.reason);
  const { address, place } = result.agent;
  return { enrolled: { address, password }, place };
}

function importInto(registry: Registry, document: InventoryDocument): void {
  const built = buildInventory(document);
  if ('problems' in built) throw new Error(built.problems.join('; '));
  const result = registry.importInventory(built.inventory, 'bench');
  if (!result.ok) throw new Error(result.problems.join('; '));
}

/** Where a hub keeps telemetry. */
export type Store = 'influxdb' | 'sqlite';

/**
 * A hub that knows the county and nothing else yet, with a store of its own.
 * @returns where its broker listens, and its data folder
 */
export async function startHubOf(
  { data }: County,
  store: Store,
  atEnd: AtEnd,
  elsewhere?: Elsewhere,
): Promise<{ hub: TestHub; broker: HostPort; folder: string }> {
  const settings: Record<string, string> = { TONGTANG_LOG_LEVEL: 'error' };
  if (store === 'influxdb') {
    const influxd = await startInfluxd();
    atEnd(() => influxd.stop());
    settings.TONGTANG_STORE = `${influxd.url}/tongtang`;
  }
  const { path: folder, remove } = dataFolder();
  cpSync(registryIn(data), registryIn(folder));
  // Not before: an interruption that comes meanwhile would remove the folder in which it is making its files.
  const hub = await startTestHub(folder, settings, undefined, elsewhere).finally(() => atEnd(remove));
  atEnd(() => hub.process().stop());
  const broker = parseListen(hub.environment.TONGTANG_MQTT ?? '');
  if (broker === undefined) throw new Error('the hub has no embedded broker');
  return { hub, broker, folder };
}

function registryIn(folder: string): string {
  return join(folder, 'hub', 'registry.db');
}

/** @param every seconds between two looks at the front-end school */
function inventoryFor(classrooms: number, every = 60): InventoryDocument {
  const numbers = Array.from({ length: classrooms }, (_, number) => number);
  const schools = Map.groupBy(numbers, schoolOf);
  const clusters = new Set(numbers.map(clusterOf));
  return {
    county: { id: county, name: { en: 'Bench' }, timezone: 'Asia/Shanghai' },
    // Eight lessons a day, and something to measure: what the hub tells its agents is then as long as in a real county.
    periods: Array.from({ length: 8 }, (_, lesson) => ({
      n: lesson + 1,
      start: `${String(8 + lesson).padStart(2, '0')}:00`,
      end: `${String(8 + lesson).padStart(2, '0')}:40`,
    })),
    platforms: [{ id: 'platform', name: { en: 'Platform' }, url: 'https://platform.example/' }],
    targets: [{ id: 'front-end', link: 'satellite', probe: 'ping', address: 'front-end.example', every }],
    clusters: [...clusters].map((id) => ({ id, name: { en: id } })),
    schools: [...schools].map(([id, inhabitants]) => ({
      id,
      name: { en: id },
      cluster: clusterOf(inhabitants[0] ?? 0),
      classrooms: inhabitants.map((number) => ({ id: classroomOf(number) })),
    })),
  };
}

function schoolOf(number: number): string {
  return `school-${Math.floor(number / classroomsPerSchool)}`;
}

function clusterOf(number: number): string {
  return `cluster-${Math.floor(number / classroomsPerSchool / schoolsPerCluster)}`;
}

function classroomOf(number: number): string {
  return `room-${number % classroomsPerSchool}`;
}
