import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MinuteKeeper } from '@tongtang/hub/minutes/minute-keeper';
import { marginS } from '@tongtang/lessons/delivery/link-minutes';
import { type MinuteState, tallyOf } from '@tongtang/lessons/delivery/minute-state';
import { encodeMinutes } from '@tongtang/lessons/delivery/runs';
import type { Sample } from '@tongtang/model/sample';
import type { Report } from '@tongtang/reports/report';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import { qilian } from '@tongtang/simulator/county/qilian';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import type { Fault } from '@tongtang/simulator/faults/script';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import { decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type ClassInCounty,
  classesOf,
  concluded,
  trueClassMinute,
  wordsOf,
} from '../services/minutes-in-county.ts';
import { bytesOf, reportOfDay } from '../services/report-of-minutes.ts';

/** A school day of autumn: Wednesday, 25 November 2026, in the time zone of Qilian. */
const date = '2026-11-25';
const at = (clock: string): number => Date.parse(`${date}T${clock}+08:00`) / 1000;
const midnight = at('00:00:00');
const folder = mkdtempSync(join(tmpdir(), 'tongtang-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = createLog('error');
let files = 0;

function emptyMinutes(): MinutesStore {
  files += 1;
  return openMinutes(join(folder, `minutes-${files}.db`), log);
}

/** What a report has to say of each class, from what truly was; told apart from the rules of the product, by hand. */
function trueClasses(county: SimulatedCounty): unknown[] {
  const { lessons } = county.days.at(at('12:00:00'));
  return classesOf(county).map((one) => {
    const minutes = lessons.map(([from, to]) =>
      Array.from({ length: (to - from) / 60 }, (_, minute) =>
        trueClassMinute(county, one, from + minute * 60),
      ),
    );
    const all = tallyOf(minutes.flat());
    const known = all.good + all.degraded + all.down;
    return {
      class: nameOf(one),
      known,
      up: all.good + all.degraded,
      scheduled: known + all.unknown,
      lost: all.down,
      outcomes: minutes.map(trueOutcome).sort(),
    };
  });
}

function trueOutcome(minutes: readonly MinuteState[]): string {
  const count = (...states: MinuteState[]): number =>
    minutes.filter((state) => states.includes(state)).length;
  const known = count('good', 'degraded', 'down');
  if (count('off', 'asleep') >= 0.95 * minutes.length) return 'not-held';
  if (known === 0 || known < minutes.length / 2) return 'unknown';
  if (count('good') >= 0.95 * known) return 'delivered';
  return count('down') > known / 2 ? 'lost' : 'degraded';
}

/** The same as the report says it. */
function toldClasses({ classes }: Report): unknown[] {
  return classes.map(({ school, class: of, availability, coverage, minutes, lessons }) => ({
    class: `${school}/${of}`,
    known: availability.of,
    up: availability.part,
    scheduled: coverage.of,
    lost: minutes.down,
    outcomes: Object.entries(lessons)
      .flatMap(([state, count]) => Array.from({ length: count }, () => state))
      .sort(),
  }));
}

/** In Qilian a class is called as its classroom. */
function nameOf({ pc }: ClassInCounty): string {
  return `${pc.school.id}/${pc.classroom}`;
}

function byClass(classes: readonly unknown[]): unknown[] {
  return classes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const school = (id: string) => ({ kind: 'school', id }) as const;
const room = (of: string, id: string) => ({ kind: 'classroom', school: of, id }) as const;
const fault = (kind: Fault['kind'], place: Fault['place'], begin: string, end: string): Fault => ({
  kind,
  place,
  begin: at(begin),
  end: at(end),
});

describe('the report of a school day in which much breaks', { timeout: 300_000 }, () => {
  const script = {
    faults: [
      fault('fibre-cut', school('xx1'), '09:07:00', '09:38:00'),
      fault('pc-cable', room('hb3z', 'c2'), '08:50:00', '09:12:00'),
      fault('stream-lost', school('hb3z'), '10:30:00', '10:52:00'),
      fault('lnb', school('hb3z'), '14:40:00', '15:20:00'),
      fault('lan-loop', school('mzxx'), '09:30:00', '09:50:00'),
      fault('provider-outage', { kind: 'cluster', id: 'east' }, '10:00:00', '10:25:00'),
      fault('agent-crash', room('xx1', 'c1'), '11:05:00', '11:35:00'),
      fault('front-end-outage', { kind: 'front-end', id: 'cd7z' }, '11:10:00', '11:30:00'),
    ],
  };
  const county = new SimulatedCounty({ inventory: qilian(), seed: 5, script });
  const stretch = { from: at('08:00:00'), to: at('18:00:00') };

  async function reportWith(arrange: (samples: readonly Sample[]) => readonly Sample[]): Promise<Report> {
    const minutes = emptyMinutes();
    for (const machine of county.machines) {
      const samples = county.samples(machine, stretch.from - marginS, stretch.to + marginS);
      const { machine: own, links, files } = concluded(county, machine, stretch, arrange(samples));
      const day = (part: readonly MinuteState[]): MinuteState[] => [
        ...Array.from({ length: 8 * 60 }, (): MinuteState => 'unknown'),
        ...part,
        ...Array.from({ length: 6 * 60 }, (): MinuteState => 'unknown'),
      ];
      const { id, kind, place } = agentOf(machine);
      minutes.keep(
        'qilian',
        date,
        { agent: id, kind, school: place.school, classroom: place.classroom },
        encodeMinutes({
          machine: day(own),
          links: new Map([...links].map(([link, part]) => [link, day(part)])),
          ...(files && { files: day(files) }),
        }),
      );
    }
    minutes.settled('qilian', at('24:00:00'));
    const report = await reportOfDay(minutes, county.inventory, date);
    minutes.close();
    return report;
  }

  it('says of every class what truly was, to the minute; and says it to the byte in whatever order data came', async () => {
    const report = await reportWith((samples) => samples);
    const truth = trueClasses(county);
    expect(truth).toHaveLength(46);
    expect(byClass(toldClasses(report))).toEqual(byClass(truth));
    expect(report.budget.used).toBeGreaterThan(200);
    const other = await reportWith((samples) => [...samples.toReversed(), ...samples]);
    expect(await bytesOf(other)).toEqual(await bytesOf(report));
  });
});

function agentOf({ name, kind, school: { id: of }, classroom }: Machine) {
  const id = name.replace('/', '-');
  return { id, kind, enrolledAt: 0, place: { county: 'qilian', school: of, classroom, agent: id } };
}

type Arrange = (samples: PlacedSamples['samples']) => PlacedSamples['samples'];

const inOrder: Arrange = (samples) => samples;
const backwards: Arrange = (samples) => samples.toReversed();
const doubled: Arrange = (samples) => [...samples, ...samples];

describe('the report of an invented county', { timeout: 300_000 }, () => {
  const inventory = qilian();
  const few = inventory.schools
    .filter(({ id }) => ['hb3z', 'xx1'].includes(id))
    .map((one) => ({ ...one, classes: one.classes.slice(0, 1), classrooms: one.classrooms.slice(0, 1) }));
  const period = { n: 1, start: '08:30', end: '09:10' };
  const small = { ...inventory, schools: few, periods: [period] };
  const stretch = { from: at('08:00:00'), to: at('09:30:00') };

  /** From samples in the store, settled by the hub's keeper. @param isLate all comes a week after the hub settled without it */
  async function reportWith(county: SimulatedCounty, arrange: Arrange, isLate: boolean): Promise<Report> {
    let nowS = at('24:00:00') + 3600;
    const minutes = emptyMinutes();
    const telemetry = openSqliteStore(join(folder, `telemetry-${files}.db`), { log, nowS: () => nowS });
    const agents = county.machines.map(agentOf);
    const keeper = new MinuteKeeper({
      telemetry,
      minutes,
      registry: { inventories: () => [county.inventory], agents: () => agents.map(registered) },
      log,
      nowS: () => nowS,
      mayRun: () => true,
      busy: () => false,
    });
    minutes.settled('qilian', stretch.from);
    for (const machine of county.machines) {
      const { id, kind, place } = agentOf(machine);
      for (const word of wordsOf(county, machine, { from: stretch.from - 86_400, to: stretch.to }))
        minutes.hear(id, word);
      // What the hub had settled before: a machine that was off is off until it says otherwise.
      const first = stretch.from - marginS;
      const { state } = county.power(machine, first - 60);
      if (state === 'on') continue;
      const early = Array.from(
        { length: 1440 },
        (_, minute): MinuteState => (midnight + minute * 60 < first ? state : 'unknown'),
      );
      const seat = { agent: id, kind, school: place.school, classroom: place.classroom };
      minutes.keep('qilian', date, seat, encodeMinutes({ machine: early, links: new Map() }));
    }
    if (isLate) {
      await keeper.settleAll();
      nowS += 7 * 86_400;
    }
    for (const machine of county.machines) {
      const samples = county
        .samples(machine, stretch.from - marginS, stretch.to + marginS)
        .map((sample) => decoded(sample));
      const batch = { place: agentOf(machine).place, samples: arrange(samples) };
      await telemetry.write([batch]);
      keeper.stored([batch]);
    }
    // Late hours are settled again when nothing more came for a while.
    nowS += 120;
    await keeper.settleAll();
    const report = await reportOfDay(minutes, county.inventory, date);
    await telemetry.close();
    minutes.close();
    return report;
  }

  it('is the truth of its lesson, and the same to the byte in order, backwards, doubled and a week late', async () => {
    const minute = fc.integer({ min: -5, max: 45 }).map((minutes) => at('08:30:00') + minutes * 60);
    const faults = fc.array(
      fc
        .record({
          kind: fc.constantFrom('fibre-cut', 'stream-lost', 'lnb', 'lan-loop', 'congested-uplink'),
          place: fc.constantFrom(school('hb3z'), school('xx1')),
          begin: minute,
          minutes: fc.integer({ min: 3, max: 30 }),
        })
        .map(({ kind, place, begin, minutes }): Fault => ({ kind, place, begin, end: begin + minutes * 60 })),
      { minLength: 1, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 1000 }), async (script, seed) => {
        const county = new SimulatedCounty({ inventory: small, seed, script: { faults: script } });
        const report = await reportWith(county, inOrder, false);
        expect(byClass(toldClasses(report))).toEqual(byClass(trueClasses(county)));
        const bytes = await bytesOf(report);
        for (const [arrange, isLate] of [
          [backwards, false],
          [doubled, false],
          [inOrder, true],
          [backwards, true],
        ] as const)
          expect(await bytesOf(await reportWith(county, arrange, isLate))).toEqual(bytes);
      }),
      { numRuns: 3 },
    );
  });
});

function decoded(sample: Sample): PlacedSamples['samples'][number] {
  const line = decodeLine(`${encodeReading(sample)} ${sample.time}`);
  if ('reason' in line) throw new Error(line.reason);
  return line;
}

function registered(agent: ReturnType<typeof agentOf>) {
  const { county, school: of, agent: id } = agent.place;
  return { ...agent, address: { county, school: of, agent: id }, passwordHash: '' };
}
