import { Noise } from '../county/noise.ts';
import type { SimulatedCounty } from '../county/simulated-county.ts';
import { type FaultKind, faultKindNames } from './kinds.ts';
import { faultOn } from './scenario.ts';
import type { Fault, Script } from './script.ts';

/**
 * How often something of a kind goes wrong in a county of some fifty rooms, times a school day. Assumed: cables are pulled every
 * week, an LNB dies once a year. A hub is not lost for a week in a term that is to be shown.
 */
const timesADay: Readonly<Partial<Record<FaultKind, number>>> = {
  'pc-cable': 0.25,
  'agent-crash': 0.1,
  'full-disk': 0.06,
  'wrong-clock': 0.06,
  'receiver-off': 0.1,
  'stream-lost': 0.08,
  'fibre-cut': 0.08,
  'congested-uplink': 0.12,
  'lan-loop': 0.04,
  rain: 0.1,
  mispointing: 0.02,
  lnb: 0.02,
  'provider-outage': 0.03,
  'front-end-outage': 0.04,
};

/**
 * A term of usual trouble: faults in the lessons of school days.
 * @param county in which nothing goes wrong yet
 * @param from seconds since 1970
 * @param to exclusive
 */
export function termScript(county: SimulatedCounty, from: number, to: number): Script {
  const faults: Fault[] = [];
  for (let day = county.days.at(from); day.start < to; day = county.days.at(day.end)) {
    if (!day.school) continue;
    for (const kind of faultKindNames) {
      const draw = new Noise(county.seed, `term ${kind}`).draws(day.start);
      if (draw() >= (timesADay[kind] ?? 0)) continue;
      const fault = faultOn(kind, county, day, draw);
      if (fault !== undefined && fault.begin >= from && fault.end <= to) faults.push(fault);
    }
  }
  return { faults: faults.toSorted((a, b) => a.begin - b.begin) };
}

/** What a newcomer finds when the console opens, and how long ago that began and when it ends, in minutes from then. */
const found: readonly Readonly<{ kind: FaultKind; sinceMinutes: number; endsIn: number }>[] = [
  { kind: 'fibre-cut', sinceMinutes: 14, endsIn: 12 },
  { kind: 'rain', sinceMinutes: 25, endsIn: 30 },
  { kind: 'receiver-off', sinceMinutes: 40, endsIn: 45 },
  { kind: 'wrong-clock', sinceMinutes: 300, endsIn: 600 },
  { kind: 'full-disk', sinceMinutes: 200, endsIn: 900 },
];
/** What comes then, one after the other. */
const later: readonly FaultKind[] = [
  'pc-cable',
  'congested-uplink',
  'lnb',
  'lan-loop',
  'stream-lost',
  'provider-outage',
  'agent-crash',
  'front-end-outage',
  'mispointing',
];
const betweenS = 900;
const lastsS = 720;

/**
 * Faults of the present: some are on at once, and for so many hours another comes each quarter of an hour.
 * @param now seconds since 1970
 */
export function presentScript(county: SimulatedCounty, now: number, hours: number): Script {
  const day = county.days.at(now);
  const draw = new Noise(county.seed, 'present').draws(now);
  const faults: Fault[] = [];
  const add = (kind: FaultKind, begin: number, end: number): void => {
    // What hits the whole county would hide all else.
    const fault = faultOn(kind, county, day, draw, 'smallest');
    if (fault !== undefined) faults.push({ ...fault, begin, end });
  };
  for (const { kind, sinceMinutes, endsIn } of found) add(kind, now - sinceMinutes * 60, now + endsIn * 60);
  for (let turn = 0; turn * betweenS < hours * 3600; turn += 1) {
    const begin = now + 180 + turn * betweenS;
    add(later[turn % later.length] ?? 'pc-cable', begin, begin + lastsS);
  }
  return { faults };
}
