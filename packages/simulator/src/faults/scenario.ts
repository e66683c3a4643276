import type { Inventory } from '@tongtang/model/inventory';
import { Noise } from '../county/noise.ts';
import { qilian } from '../county/qilian.ts';
import type { Day } from '../county/school-days.ts';
import { SimulatedCounty } from '../county/simulated-county.ts';
import { definitionOf, type FaultKind } from './kinds.ts';
import { type FaultPlace, placesOf } from './place.ts';
import type { Fault } from './script.ts';
import { type Truth, truthOf } from './truth.ts';

/** One fault in a county, and what is true of it. */
export type Scenario = Readonly<{
  county: SimulatedCounty;
  fault: Fault;
  truth: Truth;
  /** From a quiet hour before the fault to half an hour after it. Seconds since 1970. */
  from: number;
  to: number;
}>;

/** How long faults last, in minutes. A shower is over sooner than a cut fibre is spliced. */
const lastsMinutes: Readonly<Record<FaultKind, readonly [least: number, most: number]>> = {
  'fibre-cut': [25, 120],
  'provider-outage': [20, 90],
  'hub-loss': [7 * 1440, 7 * 1440],
  'congested-uplink': [20, 60],
  'lan-loop': [20, 50],
  'pc-cable': [20, 60],
  rain: [35, 100],
  'sun-outage': [1, 1],
  mispointing: [40, 150],
  lnb: [40, 150],
  'receiver-off': [20, 80],
  'stream-lost': [20, 60],
  'front-end-outage': [20, 50],
  'full-disk': [30, 120],
  'wrong-clock': [30, 120],
  'agent-crash': [20, 60],
};

/** The term that scenarios lie in: from 1 September 2026, in days. */
const term = { start: Date.UTC(2026, 8, 1) / 1000, days: 130 } as const;
/** The Sun must come nearer than this to the satellite to be felt, degrees. */
const deepPassDeg = 0.2;

/**
 * A fault of a kind in a county that is well otherwise, in the morning of a school day. Place, time, length and strength follow
 * from the seed.
 * @param inventory Qilian County where absent
 * @throws where the county has nothing that such a fault happens to
 */
export function scenario(kind: FaultKind, seed: number, inventory: Inventory = qilian()): Scenario {
  const draw = new Noise(seed, `scenario ${kind}`).draws(0);
  const quiet = new SimulatedCounty({ inventory, seed, script: { faults: [] } });
  const fault =
    kind === 'sun-outage' ? deepSunOutage(quiet, draw) : faultOn(kind, quiet, schoolDay(quiet, draw), draw);
  if (fault === undefined) throw new Error(`${kind}: the county has nothing that it happens to`);
  const county = new SimulatedCounty({ inventory, seed, script: { faults: [fault] } });
  const [truth] = truthOf(county);
  if (truth === undefined) throw new Error('a script of one fault has one truth');
  return { county, fault, truth, from: fault.begin - 3600, to: fault.end + 1800 };
}

/**
 * A fault of a kind that begins in the first lessons of a day.
 * @param extent whether it may happen to anything that the kind happens to, or to the smallest of these only
 * @returns undefined where the county has nothing that it happens to
 */
export function faultOn(
  kind: FaultKind,
  county: SimulatedCounty,
  day: Day,
  draw: () => number,
  extent: 'any' | 'smallest' = 'any',
): Fault | undefined {
  const possible = definitionOf(kind)
    .at.map((at) => placesOf(at, county.inventory).filter((place) => isForFaults(county, place)))
    .filter((places) => places.length > 0);
  const places = extent === 'any' ? oneOf(possible, draw) : possible[0];
  const place = oneOf(places ?? [], draw);
  if (place === undefined) return undefined;
  const [least, most] = lastsMinutes[kind];
  const opens = day.lessons[0]?.[0] ?? day.start + 9 * 3600;
  const begin = Math.round((opens + 1200 + 5400 * draw()) / 10) * 10;
  const end = begin + Math.round(least + (most - least) * draw()) * 60;
  return { kind, place, begin, end };
}

/** A classroom's own faults are those of a PC: the machine beside the receiver is none. */
function isForFaults({ machines }: SimulatedCounty, place: FaultPlace): boolean {
  return (
    place.kind !== 'classroom' ||
    machines.some(
      ({ kind, school, classroom }) =>
        kind === 'classroom' && school.id === place.school && classroom === place.id,
    )
  );
}

/** One on which the Sun does not disturb: that would be a second fault. */
function schoolDay(county: SimulatedCounty, draw: () => number): Day {
  for (;;) {
    const day = county.days.at(term.start + Math.floor(term.days * draw()) * 86_400);
    const sun = county.inventory.schools.some(
      ({ id }) => county.sunOutages(id, day.start, day.end).length > 0,
    );
    if (day.school && !sun) return day;
  }
}

/**
 * One of the outages of the coming year in which the Sun is well behind the satellite, for all dishes of the county; undefined
 * where it never is.
 */
function deepSunOutage(county: SimulatedCounty, draw: () => number): Fault | undefined {
  const schools = county.inventory.schools.map(({ id }) => id);
  const passes = (id: string) => county.sunOutages(id, term.start, term.start + 365 * 86_400);
  const deep = passes(schools[0] ?? '').filter(({ separationDeg }) => separationDeg < deepPassDeg);
  const chosen = oneOf(deep, draw);
  if (chosen === undefined) return undefined;
  const all = schools.flatMap((id) =>
    passes(id).filter((outage) => Math.abs(outage.peak - chosen.peak) < 3600),
  );
  return {
    kind: 'sun-outage',
    place: { kind: 'county' },
    begin: Math.min(...all.map(({ begin }) => begin)),
    end: Math.max(...all.map(({ end }) => end)),
  };
}

function oneOf<T>(list: readonly T[], draw: () => number): T | undefined {
  return list[Math.floor(draw() * list.length)];
}
