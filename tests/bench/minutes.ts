import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Availability } from '@tongtang/hub/minutes/availability';
import { outcomesOfDay } from '@tongtang/hub/minutes/outcomes';
import { settle } from '@tongtang/hub/minutes/settle';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import { plusDays } from '@tongtang/lessons/plain-date';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import { qilian } from '@tongtang/simulator/county/qilian';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import type { PlacedSamples, TelemetryStore } from '@tongtang/store/telemetry';
import { decodeLine, encodeReading } from '@tongtang/wire/line-protocol';
import { wordsOf } from '../services/minutes-in-county.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';

/** Wednesday, 25 November 2026, in Qilian. */
const date = '2026-11-25';
const day = {
  from: Date.parse(`${date}T00:00:00+08:00`) / 1000,
  to: Date.parse(`${date}T24:00:00+08:00`) / 1000,
};
const stretchS = 2 * 3600;
const termDays = 100;

export const minutes: Benchmark = {
  name: 'minutes',
  about: 'settling the minutes of a school day of 13 schools and 46 classes, and reading a term of them',
  run: async (context) => measure(context),
};

async function measure({ say }: BenchmarkContext): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-bench-minutes-'));
  const log = createLog('error');
  const telemetry = openSqliteStore(join(folder, 'telemetry.db'), { log, nowS: () => day.to });
  const kept = openMinutes(join(folder, 'minutes.db'), log);
  try {
    const county = new SimulatedCounty({ inventory: qilian(), seed: 3, script: { faults: [] } });
    const samples = await fill(telemetry, kept, county);
    say(`settling a day of ${samples} samples`);
    const settleS = await settleDay(telemetry, kept, county);
    say('reading a term');
    return [
      figure('minutes.samples', samples, '1'),
      atMost('minutes.settle_day_s', settleS, 's', 30),
      ...readTerm(kept, county),
    ];
  } finally {
    await telemetry.close();
    kept.close();
    rmSync(folder, { recursive: true });
  }
}

function agentOf({ name, kind, school, classroom }: Machine) {
  const id = name.replace('/', '-');
  return { id, kind, place: { county: 'qilian', school: school.id, classroom, agent: id } } as const;
}

async function fill(telemetry: TelemetryStore, kept: MinutesStore, county: SimulatedCounty): Promise<number> {
  let count = 0;
  for (const machine of county.machines) {
    const { id, place } = agentOf(machine);
    for (const word of wordsOf(county, machine, day)) kept.hear(id, word);
    const samples: PlacedSamples['samples'] = county.samples(machine, day.from, day.to).map((sample) => {
      const line = decodeLine(`${encodeReading(sample)} ${sample.time}`);
      if ('reason' in line) throw new Error(line.reason);
      return line;
    });
    count += samples.length;
    await telemetry.write([{ place, samples }]);
  }
  return count;
}

/** Without the pauses that a hub makes in between. */
async function settleDay(
  telemetry: TelemetryStore,
  kept: MinutesStore,
  county: SimulatedCounty,
): Promise<number> {
  const parts = { telemetry, minutes: kept, log: createLog('error') };
  const start = performance.now();
  for (const machine of county.machines)
    for (let { from } = day; from < day.to; from += stretchS)
      await settle(parts, county.inventory, agentOf(machine), { from, to: from + stretchS }, day.to);
  kept.settled('qilian', day.to + termDays * 86_400);
  return (performance.now() - start) / 1000;
}

/** The same day over and over; weekends have minutes and no lessons. */
function readTerm(kept: MinutesStore, { inventory }: SimulatedCounty): Result[] {
  const rows = kept.day('qilian', date);
  const dates = Array.from({ length: termDays }, (_, ahead) => plusDays(date, ahead));
  for (const one of dates)
    for (const { minutes: bytes, agent, kind, school, classroom } of rows)
      kept.keep('qilian', one, { agent, kind, school, classroom }, bytes);
  const surroundings = surroundingsOf(
    () => [],
    () => [],
    () => day.to,
  );
  const parts = { minutes: kept, surroundings, log: createLog('error') };
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const availability = new Availability();
  for (const one of dates) availability.add(outcomesOfDay(parts, { inventory }, one));
  const seconds = (performance.now() - start) / 1000;
  const bytes = rows.reduce((sum, row) => sum + row.minutes.length, 0);
  const classes = availability.schools().reduce((count, school) => count + school.classes.length, 0);
  return [
    figure('minutes.bytes_a_day', bytes, 'bytes'),
    figure('minutes.classes', classes, '1'),
    atMost('minutes.read_term_s', seconds, 's', 5),
    atMost('minutes.read_term_mb', (process.memoryUsage().rss - before) / 1e6, 'MB', 150),
  ];
}
