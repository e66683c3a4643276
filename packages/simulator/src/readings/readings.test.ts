import { fieldOf, hasTag, measurementNames } from '@tongtang/model/catalogue';
import { LinkEvidence } from '@tongtang/model/link-evidence';
import type { Sample } from '@tongtang/model/sample';
import { decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../county/machine.ts';
import { qilian } from '../county/qilian.ts';
import { SimulatedCounty } from '../county/simulated-county.ts';
import { type FaultKind, faultKindNames } from '../faults/kinds.ts';
import { isAt } from '../faults/place.ts';
import { type Scenario, scenario } from '../faults/scenario.ts';
import { trueStates } from '../faults/truth.ts';

const inventory = qilian();
const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
/** What is older says nothing of a platform any more; what is younger may still. Seconds. */
const settledS = 900;

describe('readings of a simulated county', () => {
  it('are the same for the same seed, script and time, whoever asked for what before', () => {
    const make = (seed: number) => new SimulatedCounty({ inventory, seed, script: { faults: [] } });
    const start = Date.parse('2026-11-25T08:00:00+08:00') / 1000;
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(58), fc.nat(36_000), fc.nat(900), (seed, at, offset, length) => {
        const [county, other] = [make(seed), make(seed)];
        const machine = machineOf(county, at);
        const [from, to] = [start + offset, start + offset + length];
        const middle = from + Math.floor(length / 2);
        const whole = county.samples(machine, from, to);
        const pieces = [...other.samples(machine, middle, to), ...other.samples(machine, from, middle)];
        expect(pieces.toSorted(byTime)).toEqual(whole.toSorted(byTime));
      }),
      { numRuns: 40 },
    );
  });

  it('taken more seldom are a part of the same runs', () => {
    const county = new SimulatedCounty({ inventory, seed: 5, script: { faults: [] } });
    const from = Date.parse('2026-11-25T10:00:00+08:00') / 1000;
    const machine = machineOf(county, 3);
    const all = new Set(
      county.samples(machine, from, from + 3600).map(({ measurement, time }) => `${measurement} ${time}`),
    );
    const few = county.samples(machine, from, from + 3600, () => 120);
    expect(few.length).toBeLessThan(all.size / 4);
    for (const { measurement, time } of few) expect(all).toContain(`${measurement} ${time}`);
  });

  it.each(faultKindNames)('under %s fit the catalogue and go over the wire whole', (kind) => {
    const { county, fault } = scenario(kind, 3, inventory);
    const taken = county.machines.flatMap((machine) => county.samples(machine, fault.end - 400, fault.end));
    expect(taken.flatMap(objectionsTo)).toEqual([]);
  });

  it('fill every measurement of the catalogue', () => {
    const county = new SimulatedCounty({ inventory, seed: 1, script: { faults: [] } });
    const noon = Date.parse('2026-11-25T11:00:00+08:00') / 1000;
    const seen = new Set(
      county.machines.flatMap((machine) =>
        county.samples(machine, noon, noon + 5400).map(({ measurement }) => measurement),
      ),
    );
    // Nobody in the county measures the time of a bare TCP connection, and no inventory names a folder of recorded lessons.
    expect(measurementNames.filter((name) => !seen.has(name))).toEqual(['tcp', 'lesson_files']);
  });
});

describe('the evidence of the readings says what is true', () => {
  it.each(faultKindNames)('under %s, in 20 variations', (kind) => {
    const felt = seeds.map((seed) => {
      const found = scenario(kind, seed, inventory);
      const { hurt, looked } = compared(found, momentOf(kind, found));
      expect(looked, `seed ${seed}: nobody was there to see it`).toBeGreaterThan(0);
      return found.truth.hurts.length === 0 || hurt > 0;
    });
    // The margin of some comes to lie so near a threshold that scatter decides.
    expect(felt.filter(Boolean).length).toBeGreaterThanOrEqual(14);
  });

  it('on a quiet school day: all is well, everywhere, all the time', () => {
    for (const seed of seeds.slice(0, 4)) {
      const county = new SimulatedCounty({ inventory, seed, script: { faults: [] } });
      const day = Date.parse('2026-11-25T00:00:00+08:00') / 1000;
      for (const machine of county.machines)
        for (let hour = 1; hour < 24; hour += 3) {
          const states = concluded(county, machine, day + hour * 3600);
          for (const [link, state] of states)
            expect(`${seed} ${machine.name} ${link} ${state}`).toMatch(/good$/);
        }
    }
  });
});

/** What the catalogue and the wire have against a sample. */
function objectionsTo(sample: Sample): string[] {
  const { measurement, tags, fields, time } = sample;
  const decoded = decodeLine(`${encodeReading(sample)} ${time}`);
  if ('reason' in decoded) return [`${measurement}: ${decoded.reason}`];
  return [
    ...Object.keys(tags).filter((tag) => !hasTag(measurement, tag)),
    ...Object.entries(fields).flatMap(([name, value]) =>
      isOfType(value, fieldOf(measurement, name)?.type ?? '') && decoded.fields[name] !== undefined
        ? []
        : [`${measurement} ${name}=${value}`],
    ),
  ];
}

/** At the end of what lasts, in the middle of what comes and goes. */
function momentOf(kind: FaultKind, { fault }: Scenario): number {
  return kind === 'rain' || kind === 'sun-outage' ? Math.round((fault.begin + fault.end) / 2) : fault.end - 5;
}

/** Compares evidence and truth for each machine that has been on for long enough, and counts those and what was hurt. */
function compared({ county, fault }: Scenario, time: number): { looked: number; hurt: number } {
  let [looked, hurt] = [0, 0];
  const others = county.machines.filter((machine) => !isAt(fault.place, machine));
  const there = county.machines.filter((machine) => isAt(fault.place, machine));
  for (const machine of [...there.filter(isOneOf(12)), ...others.filter(isOneOf(6))]) {
    if (!hasBeenOn(county, machine, time)) continue;
    if (isNearThreshold(county, machine, time)) continue;
    const expected = trueStates(county, machine, time);
    const states = concluded(county, machine, time);
    const place = `${fault.kind} seed ${county.seed} ${machine.name}`;
    expect([place, ...sorted(states)]).toEqual([place, ...sorted(expected)]);
    looked += 1;
    if (expected.size === 0 || [...expected.values()].some((state) => state !== 'good')) hurt += 1;
  }
  return { looked, hurt };
}

/** Whether something is one of so many that are spread over its list. */
function isOneOf(count: number) {
  return (_: unknown, index: number, { length }: readonly unknown[]): boolean =>
    length <= count || Math.floor((index * count) / length) !== Math.floor(((index - 1) * count) / length);
}

/** What the hub's and the agents' own judgement makes of the readings. */
function concluded(county: SimulatedCounty, machine: Machine, time: number): Map<string, string> {
  const evidence = new LinkEvidence();
  for (const sample of county.samples(machine, time - settledS, time)) evidence.add(sample);
  const every = new Map(
    machine.tasks.map(({ measurement, target, everyS }) => [`${measurement} ${target}`, everyS]),
  );
  return evidence.states(time, (measurement, target) =>
    Math.min(settledS, Math.max(150, 3 * (every.get(`${measurement} ${target}`) ?? 0))),
  );
}

/** Not switched on or off of late; a crashed agent of a PC that is on counts as well, once what it said has gone stale. */
function hasBeenOn(county: SimulatedCounty, machine: Machine, time: number): boolean {
  const power = county.power(machine, time);
  return power.state === 'on' && power.since < time - settledS;
}

/** Scatter and the half minute between readings may put it on either side. */
function isNearThreshold(county: SimulatedCounty, { school }: Machine, time: number): boolean {
  return [-60, -30, 0].some((ago) => {
    const marginDb = county.marginDb(school.id, time + ago);
    return [0, 0.8, 3].some((threshold) => Math.abs(marginDb - threshold) < 0.4);
  });
}

function machineOf(county: SimulatedCounty, at: number): Machine {
  const machine = county.machines[at % county.machines.length];
  if (machine === undefined) throw new Error('an empty county');
  return machine;
}

function byTime(a: Sample, b: Sample): number {
  return a.time - b.time || a.measurement.localeCompare(b.measurement);
}

function sorted(states: ReadonlyMap<string, string>): string[] {
  return [...states].map(([link, state]) => `${link} ${state}`).sort();
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'float') return Number.isFinite(value);
  return typeof value === type;
}
