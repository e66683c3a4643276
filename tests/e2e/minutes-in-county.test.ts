import { marginS } from '@tongtang/lessons/delivery/link-minutes';
import { tallyOf } from '@tongtang/lessons/delivery/minute-state';
import type { AgentMinutes } from '@tongtang/lessons/delivery/runs';
import type { Sample } from '@tongtang/model/sample';
import { qilian } from '@tongtang/simulator/county/qilian';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import type { FaultKind } from '@tongtang/simulator/faults/kinds';
import type { Fault } from '@tongtang/simulator/faults/script';
import { describe, expect, it } from 'vitest';
import {
  type ClassInCounty,
  classesOf,
  classMinutes,
  concluded,
  trueClassMinute,
  trulyRan,
  trulyWas,
} from '../services/minutes-in-county.ts';

/** A school day of autumn: Wednesday, 25 November 2026, in the time zone of Qilian. */
const at = (clock: string): number => Date.parse(`2026-11-25T${clock}+08:00`) / 1000;
const school = (id: string) => ({ kind: 'school', id }) as const;
const fault = (kind: FaultKind, place: Fault['place'], begin: string, end: string): Fault => ({
  kind,
  place,
  begin: at(begin),
  end: at(end),
});

/** All that breaks in one day. */
const script = {
  faults: [
    fault('fibre-cut', school('xx1'), '09:07:00', '09:38:00'),
    fault('pc-cable', { kind: 'classroom', school: 'hb3z', id: 'c2' }, '08:50:00', '09:12:00'),
    fault('pc-cable', { kind: 'classroom', school: 'xx2', id: 'c3' }, '10:20:00', '10:41:00'),
    fault('stream-lost', school('hb3z'), '10:30:00', '10:52:00'),
    fault('lnb', school('hb3z'), '14:40:00', '15:20:00'),
    fault('receiver-off', school('hb3z'), '16:10:00', '16:25:00'),
    fault('lan-loop', school('mzxx'), '09:30:00', '09:50:00'),
    fault('congested-uplink', school('mzzx'), '11:00:00', '11:20:00'),
    fault('provider-outage', { kind: 'cluster', id: 'east' }, '10:00:00', '10:25:00'),
    fault('agent-crash', { kind: 'classroom', school: 'xx1', id: 'c1' }, '11:05:00', '11:35:00'),
    fault('front-end-outage', { kind: 'front-end', id: 'cd7z' }, '11:10:00', '11:30:00'),
    fault('full-disk', { kind: 'classroom', school: 'babao', id: 'c1' }, '09:00:00', '12:00:00'),
  ],
};

const county = new SimulatedCounty({ inventory: qilian(), seed: 3, script });
const lessons = county.days.at(at('12:00:00')).lessons;
const stretch = { from: at('08:00:00'), to: at('18:00:00') };

const samples = new Map(
  county.machines.map((machine) => [
    machine,
    county.samples(machine, stretch.from - marginS, stretch.to + marginS),
  ]),
);

function minutesOfAll(
  arrange: (samples: readonly Sample[]) => readonly Sample[] = (samples) => samples,
): ReadonlyMap<string, AgentMinutes> {
  return new Map(
    [...samples].map(([machine, own]) => [machine.name, concluded(county, machine, stretch, arrange(own))]),
  );
}

function lessonsOf(known: ReadonlyMap<string, AgentMinutes>, one: ClassInCounty): string[] {
  const [pc, receiver] = [known.get(one.pc.name), known.get(one.receiver.name)];
  if (pc === undefined || receiver === undefined) throw new Error('a class without minutes');
  const all = classMinutes(one, pc, receiver);
  return lessons.map(([from, to]) =>
    all.slice((from - stretch.from) / 60, (to - stretch.from) / 60).join(' '),
  );
}

function trueLessonsOf(one: ClassInCounty): string[] {
  return lessons.map(([from, to]) =>
    Array.from({ length: (to - from) / 60 }, (_, minute) =>
      trueClassMinute(county, one, from + minute * 60),
    ).join(' '),
  );
}

const inOrder = minutesOfAll();

describe('a school day of the simulated county, in which twelve things break', { timeout: 120_000 }, () => {
  it('the minutes of every class in its lessons are the truth, to the minute', () => {
    const classes = classesOf(county);
    expect(classes.length).toBe(46);
    let [minutes, troubled] = [0, 0];
    for (const one of classes) {
      const expected = trueLessonsOf(one);
      expect([one.pc.name, ...lessonsOf(inOrder, one)]).toEqual([one.pc.name, ...expected]);
      for (const lesson of expected) {
        minutes += lesson.split(' ').length;
        troubled += lesson.split(' ').filter((state) => state !== 'good' && state !== 'off').length;
      }
    }
    expect(minutes).toBeGreaterThan(46 * 7 * 40);
    expect(troubled).toBeGreaterThan(500);
  });

  it('so are those of every link of every machine that was on, in lessons', () => {
    for (const machine of county.machines) {
      const known = inOrder.get(machine.name);
      for (const [from, to] of lessons)
        for (let start = from; start < to; start += 60) {
          const index = (start - stretch.from) / 60;
          const when = `${machine.name} ${new Date(start * 1000).toISOString()}`;
          expect([when, known?.machine[index]]).toEqual([when, trulyRan(county, machine, start)]);
          for (const [link, minutes] of known?.links ?? [])
            expect([when, link, minutes[index]]).toEqual([
              when,
              link,
              trulyWas(county, machine, link, start),
            ]);
        }
    }
  });

  it('and they are the same when all arrives a week later, backwards and twice', () => {
    const late = minutesOfAll((samples) => [...samples.toReversed(), ...samples]);
    expect([...late]).toEqual([...inOrder]);
  });

  it('where things break and mend within a minute, all minutes but those are the truth', () => {
    const shifted = script.faults.map((one, index) => ({
      ...one,
      begin: one.begin + 10 * (index % 6),
      end: one.end + 10 * ((index * 5) % 6),
    }));
    const other = new SimulatedCounty({ inventory: qilian(), seed: 4, script: { faults: shifted } });
    const isEdge = (start: number): boolean =>
      shifted.some(({ begin, end }) => [begin, end].some((edge) => start < edge && edge < start + 60));
    let compared = 0;
    for (const machine of other.machines.filter((_, index) => index % 3 === 0)) {
      const own = other.samples(machine, stretch.from - marginS, stretch.to + marginS);
      const { links } = concluded(other, machine, stretch, own);
      for (const [from, to] of lessons)
        for (let start = from; start < to; start += 60) {
          if (isEdge(start)) continue;
          for (const [link, minutes] of links) {
            const when = `${machine.name} ${link} ${new Date(start * 1000).toISOString()}`;
            const found = minutes[(start - stretch.from) / 60];
            expect([when, found]).toEqual([when, trulyWas(other, machine, link, start)]);
            compared += 1;
          }
        }
    }
    expect(compared).toBeGreaterThan(20_000);
  });

  it('nothing that is not known counts as up or down', () => {
    for (const { machine, links } of inOrder.values())
      for (const minutes of links.values())
        for (const [index, state] of minutes.entries())
          if (machine[index] !== 'good') expect(state).toBe('unknown');
    expect(tallyOf(inOrder.get('xx1/c1')?.machine ?? []).unknown).toBe(30);
  });
});
