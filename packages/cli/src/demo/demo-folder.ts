import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readJsonFile, writeJsonFile } from '@tongtang/agent/json-file';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import type { Place } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { isSimulated, markSimulated } from '@tongtang/runtime/simulated-folder';
import type { Machine } from '@tongtang/simulator/county/machine';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { readScript, type Script, scriptText } from '@tongtang/simulator/faults/script';
import { presentScript, termScript } from '@tongtang/simulator/faults/term-script';
import type { Enrolled } from '@tongtang/simulator/session';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { type Static, Type } from 'typebox';
import { Refusal } from '../refusal.ts';
import { demoTimetable } from './demo-timetable.ts';
import { demoVisits } from './demo-visits.ts';

const Text = Type.String({ minLength: 1 });

/** Who the machines are: what enrolment gave to each. */
const CountyFile = Type.Object({
  county: Text,
  seed: Type.Integer(),
  agents: Type.Array(Type.Object({ machine: Text, school: Text, agent: Text, password: Text })),
});
type CountyFile = Static<typeof CountyFile>;

/** Until when the hub has heard of the county, in seconds since 1970. */
const ToldFile = Type.Object({ to: Type.Integer({ minimum: 0 }) });

/** A simulated county and what its hub knows of it. */
export type Demo = Readonly<{
  county: SimulatedCounty;
  enrolled: ReadonlyMap<string, Enrolled>;
  places: ReadonlyMap<string, Place>;
  /** Until when the hub has heard of it. Seconds since 1970. */
  toldTo: number;
}>;

/** From so long before it is shown on, all PCs of the county are on; before, they keep school hours. Seconds. */
const shownBeforeS = 6 * 3600;

/** What there is of a term: eighteen weeks. */
export const termS = 18 * 7 * 86_400;
/** For so long something new goes wrong all the time, once the demonstration was started. Hours. */
const liveHours = 48;
const seed = 1;
const whoDoesIt = 'demo';

/**
 * Makes a folder ready for a demonstration: marks it, imports the inventory, enrols a virtual agent for each machine and writes a
 * script of what goes wrong. One that was made before goes on as it is; where its script has come to its end, more is added.
 * @param nowS seconds since 1970
 * @throws Refusal where it holds anything that is not simulated, or its script cannot be read
 */
export function prepareDemo(folder: string, inventory: () => Inventory, nowS: number): void {
  assertSimulated(folder);
  markSimulated(folder);
  const paths = pathsIn(folder);
  if (!existsSync(paths.county)) {
    const quiet = new SimulatedCounty({ inventory: inventory(), seed, script: { faults: [] } });
    openLedger(join(folder, 'hub', 'ledger.db'), createLog('warn')).close();
    writeJsonFile(paths.told, { to: nowS - termS }, true);
    writeScript(folder, termScript(quiet, nowS - termS, nowS));
    // Last: where it is, all is.
    // The timetable counts from its import on: it is entered before the term begins.
    withRegistry(folder, (registry) => enter(registry, quiet, nowS), nowS - termS);
    writeJsonFile(
      paths.county,
      withRegistry(folder, (registry) => settle(registry, quiet)),
      true,
    );
  }
  const { county } = openDemo(folder, nowS);
  if (!county.script.faults.some(({ begin }) => begin >= nowS))
    writeScript(folder, {
      faults: [...county.script.faults, ...presentScript(county, nowS, liveHours).faults],
    });
}

/**
 * @param shownAtS when it is shown, seconds since 1970; absent: it is, and the hub has heard all before
 * @throws Refusal where the folder was not prepared, or something in it cannot be read
 */
export function openDemo(folder: string, shownAtS?: number): Demo {
  const paths = pathsIn(folder);
  const file = readJsonFile(paths.county, CountyFile);
  const told = readJsonFile(paths.told, ToldFile);
  if (!isSimulated(folder) || file === undefined || told === undefined)
    throw new Refusal(`${resolve(folder)} holds no simulated county: npm run demo makes one`);
  return withRegistry(folder, (registry) => {
    const inventory = registry.exportInventory(file.county);
    if (inventory === undefined) throw new Refusal(`${resolve(folder)}: its county is gone`);
    const read = readScript(readFileSync(paths.script, 'utf8'), inventory);
    if ('problems' in read) throw new Refusal(read.problems.map((problem) => `${paths.script}: ${problem}`));
    const { seed, agents } = file;
    const allOnFrom = (shownAtS ?? told.to) - shownBeforeS;
    const county = new SimulatedCounty({ inventory, seed, script: read.script, allOnFrom });
    return {
      county,
      enrolled: new Map(
        agents.map(({ machine, school, agent, password }) => [
          machine,
          { address: { county: file.county, school, agent }, password },
        ]),
      ),
      places: new Map(
        agents.flatMap(({ machine, agent }) => {
          const place = registry.agent(agent)?.place;
          return place === undefined ? [] : [[machine, place]];
        }),
      ),
      toldTo: told.to,
    };
  });
}

/** The hub has heard of the county until this moment. Seconds since 1970. */
export function writeTold(folder: string, to: number): void {
  writeJsonFile(pathsIn(folder).told, { to: Math.floor(to) }, false);
}

/** Where people find, and may change, what goes wrong. */
export function scriptIn(folder: string): string {
  return pathsIn(folder).script;
}

function assertSimulated(folder: string): void {
  if (isSimulated(folder) || !existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new Refusal(
    `${resolve(folder)} holds data that are not simulated: name another folder with --data, or none`,
  );
}

function enter(registry: Registry, { inventory }: SimulatedCounty, nowS: number): void {
  const imported = registry.importInventory(inventory, whoDoesIt);
  if (!imported.ok) throw new Refusal(imported.problems);
  const county = inventory.county.id;
  const timetable = demoTimetable(inventory, nowS);
  registry.importTimetable(county, timetable, whoDoesIt);
  registry.addVisits(county, demoVisits(inventory, timetable, nowS), whoDoesIt);
}

function settle(registry: Registry, { inventory, machines, seed }: SimulatedCounty): CountyFile {
  const county = inventory.county.id;
  return {
    county,
    seed,
    agents: machines.map((machine) => enrol(registry, county, machine)),
  };
}

/** In the registry itself: over the API machines enrol sixty a minute, and a hub with simulated data takes in none. */
function enrol(
  registry: Registry,
  county: string,
  { name, kind, school, classroom }: Machine,
): CountyFile['agents'][number] {
  const code = registry.createEnrolmentCode({ county, school: school.id, classroom, kind }, whoDoesIt);
  if (!code.ok) throw new Refusal(code.problem);
  const password = makePassword();
  const answer = registry.enrol({
    code: code.code,
    passwordHash: hashPassword(password),
    hostname: name.replace('/', '-'),
    platform: 'simulated',
  });
  if (!answer.ok) throw new Refusal(`${name} cannot be enrolled: ${answer.reason}`);
  return { machine: name, school: school.id, agent: answer.agent.id, password };
}

function writeScript(folder: string, script: Script): void {
  const words =
    '# What goes wrong in the simulated county, and when. Change it and start the demonstration again: docs/demo.md\n';
  writeFileSync(pathsIn(folder).script, words + scriptText(script));
}

/** @param atS what time its clock has: seconds since 1970 */
function withRegistry<T>(folder: string, work: (registry: Registry) => T, atS = Date.now() / 1000): T {
  const registry = openRegistry(
    join(folder, 'hub', 'registry.db'),
    createLog('warn'),
    () => new Date(atS * 1000),
  );
  try {
    return work(registry);
  } finally {
    registry.close();
  }
}

function pathsIn(folder: string): Readonly<Record<'county' | 'told' | 'script', string>> {
  const inner = join(folder, 'simulator');
  return {
    county: join(inner, 'county.json'),
    told: join(inner, 'told.json'),
    script: join(inner, 'script.yaml'),
  };
}
