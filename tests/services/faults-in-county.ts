import type { Word } from '@tongtang/incidents/agent-evidence';
import { play } from '@tongtang/incidents/testing/play';
import type { Arrival } from '@tongtang/incidents/testing/world';
import type { Topology } from '@tongtang/incidents/topology';
import type { Cause, Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Machine } from '@tongtang/simulator/county/machine';
import { qilian } from '@tongtang/simulator/county/qilian';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import type { FaultKind } from '@tongtang/simulator/faults/kinds';
import { type Scenario, scenario } from '@tongtang/simulator/faults/scenario';

/**
 * What is found of a fault in the simulated county, which knows nothing of how causes are found: Qilian with 13 schools, its weather, and
 * people who switch PCs on and off.
 */

/** A week without a hub has the same truth as a morning of it. Seconds. */
const longestS = 3 * 3600;
const stepS = 10;
/** MQTT 3.1.1: a connection that was cut is noticed after one and a half keep alives of 90 s. */
const noticedS = 135;

/** What each fault is to be called. */
const called: Readonly<Record<FaultKind, Cause>> = {
  'fibre-cut': 'line-cut',
  'provider-outage': 'provider-outage',
  'hub-loss': 'hub-away',
  'congested-uplink': 'congestion',
  'lan-loop': 'lan-failure',
  'pc-cable': 'pc-cable',
  rain: 'rain-fade',
  'sun-outage': 'sun-outage',
  mispointing: 'mispointing',
  lnb: 'lnb-loss',
  'receiver-off': 'receiver-off',
  'stream-lost': 'stream-lost',
  'front-end-outage': 'front-end-outage',
  'full-disk': 'disk-full',
  'wrong-clock': 'clock-wrong',
  'agent-crash': 'agent-ended',
};

/** `unseen`: there was no incident. */
export type Verdict = 'right' | 'unknown' | 'wrong' | 'unseen';
export type Trial = Readonly<{ verdict: Verdict; incidents: readonly Incident[] }>;

/** One fault of a kind, and whether it was called by its name. */
export function tryInCounty(kind: FaultKind, seed: number): Trial {
  const incidents = incidentsOf(scenario(kind, seed));
  return { verdict: verdictOn(kind, incidents), incidents };
}

function verdictOn(
  kind: FaultKind,
  incidents: readonly Incident[],
): 'right' | 'unknown' | 'wrong' | 'unseen' {
  if (incidents.length === 0) return 'unseen';
  if (incidents.some(({ cause }) => cause === called[kind])) return 'right';
  return incidents.every(({ cause, confidence }) => cause === 'unknown' || confidence === 'low')
    ? 'unknown'
    : 'wrong';
}

function incidentsOf(made: Scenario): readonly Incident[] {
  const { seed } = made.county;
  const fault = { ...made.fault, end: Math.min(made.fault.end, made.fault.begin + longestS) };
  const county = new SimulatedCounty({ inventory: qilian(), seed, script: { faults: [fault] } });
  const { from } = made;
  const end = Math.min(made.to, fault.end + 1800);
  // The hub that nobody reaches is, more often than not, one that does not run.
  const aways = fault.kind === 'hub-loss' ? [{ from: fault.begin, to: fault.end }] : [];
  const arrivals = county.machines
    .flatMap((machine, index) => journeyOf(county, machine, index, from, end))
    .sort((a, b) => a.at - b.at);
  return play(topologyOf(county, from, end), arrivals, { to: end, faultAt: fault.begin, aways }).incidents;
}

/** What a machine sends, the newest first, and what it keeps while it cannot. */
function journeyOf(
  county: SimulatedCounty,
  machine: Machine,
  index: number,
  from: number,
  to: number,
): Arrival[] {
  const agent = machine.name;
  const arrivals: Arrival[] = [];
  const say = (state: Word['state'], at: number): void => {
    arrivals.push({ at, agent, samples: [], word: { time: Math.floor(at), state } });
  };
  let kept: Arrival['samples'] = [];
  let spoke = false;
  for (let time = from + (index % stepS); time < to; time += stepS) {
    const speaks = county.speaks(machine, time);
    const power = county.power(machine, time).state;
    if (spoke && !speaks) {
      if (power === 'on' && county.measures(machine, time)) say('offline', time + noticedS);
      else say(power === 'off' ? 'stopping' : power === 'asleep' ? 'asleep' : 'offline', time);
    }
    if (!spoke && speaks) say('online', time);
    spoke = speaks;
    kept = [...kept, ...county.samples(machine, time - stepS, time)];
    if (!speaks || kept.length === 0) continue;
    const newest = kept.filter((sample) => sample.time >= time - 2 * stepS);
    arrivals.push({ at: time + 1, agent, samples: newest });
    if (newest.length < kept.length)
      arrivals.push({ at: time + 5, agent, samples: kept.filter((sample) => !newest.includes(sample)) });
    kept = [];
  }
  return arrivals;
}

function topologyOf(county: SimulatedCounty, from: number, to: number): Topology {
  const { inventory, machines, days } = county;
  const outages = (school: string) =>
    county.sunOutages(school, from - 86_400, to + 86_400).map(({ begin, end }) => ({ begin, end }));
  const lessons = machines
    .filter(({ kind }) => kind === 'classroom')
    .flatMap(({ school, classroom }) =>
      days.at(from).lessons.map(
        ([start, end]): PlannedLesson => ({
          school: school.id,
          class: classroom,
          classroom,
          start,
          end,
          links: ['satellite', 'stream'],
        }),
      ),
    );
  return {
    county: inventory.county.id,
    timezone: inventory.county.timezone,
    schools: inventory.schools.map(({ id, provider, frontEnd }) => ({
      id,
      ...(provider !== undefined && { provider }),
      ...(frontEnd !== undefined && { frontEnd }),
    })),
    agents: machines.map(({ name, kind, school, classroom }) => ({
      id: name,
      kind,
      school: school.id,
      classroom,
    })),
    lessons,
    sunOutages: new Map(inventory.schools.map(({ id }) => [id, outages(id)])),
    closeReportS: 10,
    restReportS: 60,
  };
}
