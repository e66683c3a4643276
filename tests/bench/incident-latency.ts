import { setTimeout as wait } from 'node:timers/promises';
import { type CuttableSchools, openIncidentOf, startCuttableSchools } from '../services/cut-school.ts';
import { eventually } from '../services/eventually.ts';
import { incidentsIn } from '../services/taught-county.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, quantile, type Result } from './benchmark.ts';
import { tidily } from './tidily.ts';

/** One classroom each: what comes back within ten minutes would be the same incident, so each is cut once. */
const schools = Array.from({ length: 12 }, (_, number) => `school-${number + 1}`);
/** Agents have measured for a while, as in lessons, before the first is cut. */
const steadyMs = 120_000;
/** Whoever is cut within 45 s of another one went with it. */
const apartMs = 60_000;
const patienceMs = 120_000;

export const incidentLatency: Benchmark = {
  name: 'incident-latency',
  about: `from a line that is really cut to the incident and to the message: ${schools.length} cuts, reports each 10 s`,
  run: (context) =>
    tidily(async (atEnd) => {
      const rooms = Object.fromEntries(schools.map((school) => [school, 1]));
      const county = await startCuttableSchools(rooms, atEnd);
      await wait(steadyMs);
      const cuts: Cut[] = [];
      for (const school of schools) cuts.push(await cutOne(county, school, context));
      return resultsOf(cuts, county);
    }),
};

type Cut = Readonly<{ openS: number; toldS: number }>;

/** Cuts a school at a moment that its reports know nothing of, and mends it when that was told. */
async function cutOne(
  { data, listener, cut, mend }: CuttableSchools,
  school: string,
  { say }: BenchmarkContext,
): Promise<Cut> {
  await wait(apartMs + Math.random() * 10_000);
  const cutAt = Date.now() / 1000;
  cut(school);
  const { id } = await eventually('open', () => openIncidentOf(data, school), patienceMs, 50);
  const openS = Date.now() / 1000 - cutAt;
  const isOfIt = ({ notices }: { notices: readonly { incident: string }[] }): boolean =>
    notices.some(({ incident }) => incident === id);
  const told = await eventually('told', () => listener.told.find(isOfIt), patienceMs, 50);
  mend(school);
  const toldS = told.at - cutAt;
  say(`${school}: open after ${openS.toFixed(1)} s, told after ${toldS.toFixed(1)} s`);
  return { openS, toldS };
}

function resultsOf(cuts: readonly Cut[], { data }: CuttableSchools): Result[] {
  const open = cuts.map(({ openS }) => openS);
  const told = cuts.map(({ toldS }) => toldS);
  // Each school is cut once: whatever else was found is false.
  const found = incidentsIn(data).length - cuts.length;
  return [
    figure('incident.cuts', cuts.length, '1'),
    figure('incident.open_p50', quantile(open, 0.5), 's'),
    atMost('incident.open_p95', quantile(open, 0.95), 's', 25),
    atMost('incident.told_max', Math.max(...told), 's', 30),
    atMost('incident.false', found, '1', 0),
  ];
}
