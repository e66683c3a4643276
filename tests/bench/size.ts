import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createLog } from '@tongtang/runtime/log';
import type { Tally } from '@tongtang/simulator/orders';
import { Simulator } from '@tongtang/simulator/simulator';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openTelemetryStore } from '@tongtang/store/open';
import type { TestHub } from '../services/tongtang.ts';
import { atMost, type Benchmark, figure, quantile, type Result } from './benchmark.ts';
import { type County, changeRegistry, settleCounty, startHubOf } from './county.ts';
import { HealthProbe } from './health-probe.ts';
import { ProcessWatch } from './process-watch.ts';
import { tidily } from './tidily.ts';

/** Seconds in lessons, and seconds without the hub. */
export type SizeTimes = Readonly<{ seconds: number; away: number }>;
export const sizeDefaults: SizeTimes = { seconds: 300, away: 600 };

/**
 * From the first reports on, before anybody looks: code is compiled, and what has a bound fills. With 5,000 agents the 64 MB that SQLite
 * may keep of the telemetry are full after five minutes, the last runs of each link after four.
 */
const warmUpS = 180;
/** A storm that is not over by then is not going to be. */
const patienceS = 600;
const samplesPerReport = 3;

type Run = Readonly<{
  hub: TestHub;
  /** The hub's data. */
  folder: string;
  simulator: Simulator;
  county: County;
  times: SizeTimes;
  say: (text: string) => void;
}>;

/**
 * A hub with so many agents in lessons, each with a connection of its own: every ten seconds a report of thirty fields.
 * Then the hub is killed and stays away, and all come back in the moment it listens again, with what they measured
 * meanwhile. At the end the hub's ledger and store are compared with what was made, sample by sample and number by
 * number.
 */
export function size(agents: number, times: SizeTimes): Benchmark {
  return {
    name: 'size',
    about: `${agents} agents in lessons for ${times.seconds} s, then ${times.away} s without the hub and back at once`,
    run: ({ say }) =>
      tidily(async (atEnd) => {
        const county = settleCounty(agents, atEnd);
        const { hub, broker, folder } = await startHubOf(county, 'sqlite', atEnd);
        const simulator = new Simulator();
        atEnd(() => simulator.stop());
        // Once a hub that was away listens, nobody waits longer than a second: worse than the protocol lets agents do.
        const retry = { firstMs: 500, longestMs: 1000 };
        await simulator.settle(
          county.residents.map(({ enrolled }) => enrolled),
          retry,
        );
        const connectMs = performance.now();
        await simulator.connect(broker);
        say(`${agents} agents are connected after ${seconds(performance.now() - connectMs)} s`);
        const inLessons = await lessons({ hub, folder, simulator, county, times, say });
        const back = await comeBack({ hub, folder, simulator, county, times, say });
        const outboxes = await simulator.outboxes();
        await simulator.disconnect();
        await hub.process().stop();
        const made = outboxes.reduce((total, outbox) => total + outbox.made, 0);
        const missing = missingIn(folder, county, outboxes);
        const doubled = (await storedIn(folder)) - (made - missing);
        say(`${made} samples were made, ${missing} of them are not in the ledger`);
        return [
          figure('size.agents', agents, 'agents'),
          ...inLessons,
          ...back,
          atMost('size.lost', missing, 'samples', 0),
          atMost('size.stored_beyond', Math.abs(doubled), 'samples', 0),
        ];
      }),
  };
}

/** In lessons, while people change the registry now and then. */
async function lessons(run: Run): Promise<readonly Result[]> {
  const { hub, folder, simulator, county, times, say } = run;
  await simulator.beginLessons();
  await wait(warmUpS * 1000);
  await simulator.tally();
  const probe = new HealthProbe(hub.url);
  const watch = new ProcessWatch(hub.process().pid);
  const latenciesMs: number[] = [];
  const end = performance.now() + times.seconds * 1000;
  let [behindMs, changes] = [0, 0];
  while (performance.now() < end) {
    await wait(Math.min(10_000, end - performance.now()));
    const tally = await simulator.tally();
    latenciesMs.push(...tally.latenciesMs);
    behindMs = Math.max(behindMs, tally.behindMs);
    if (tally.connected < county.residents.length) say(`only ${tally.connected} are connected`);
    changeRegistry(folder, county, changes);
    changes += 1;
  }
  const looks = await looksOf(hub);
  const { tookMs, failures } = await probe.end();
  const { mostMb, earlyMb, lateMb, cpuShare } = watch.end();
  const expected = (county.residents.length * times.seconds) / 10;
  say(
    `${latenciesMs.length} of ${expected} reports were committed meanwhile; ${changes} changes of the registry`,
  );
  if (behindMs > 100) say(`reports were made up to ${Math.round(behindMs)} ms late: the machine is busy`);
  return [
    figure('size.commits', latenciesMs.length / times.seconds, 'reports/s'),
    figure('size.commit.p50', quantile(latenciesMs, 0.5), 'ms'),
    atMost('size.commit.p99', quantile(latenciesMs, 0.99), 'ms', 2000),
    figure('size.commit.worst', quantile(latenciesMs, 1), 'ms'),
    figure('size.cpu', cpuShare, 'cores'),
    figure('size.look.mean', looks.meanMs, 'ms'),
    atMost('size.look.over_1_s', looks.slow, 'looks', 0),
    atMost('size.memory', mostMb, 'MB', 700),
    atMost('size.memory.growth', lateMb / earlyMb, '1', 1.1),
    atMost('size.healthz.worst', quantile(tookMs, 1), 'ms', 1000),
    atMost('size.healthz.failures', failures, 'answers', 0),
  ];
}

/** How long the hub looked for incidents, each time since it started. */
async function looksOf(hub: TestHub): Promise<{ meanMs: number; slow: number }> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const read = (name: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`tongtang_incident_look_seconds${name} `));
    if (line === undefined) throw new Error(`the hub does not count looks: ${name}`);
    return Number(line.slice(line.lastIndexOf(' ')));
  };
  const count = read('_count');
  return { meanMs: (read('_sum') / count) * 1000, slow: count - read('_bucket{le="1"}') };
}

/** The hub goes and comes back; returns when all that was measured is committed. */
async function comeBack({ hub, simulator, county, times, say }: Run): Promise<readonly Result[]> {
  await simulator.stayAway();
  await hub.process().kill9();
  say(`the hub is away for ${times.away} s`);
  await wait(times.away * 1000);
  const held = await simulator.tally();
  say(`${held.made - held.committed} samples wait; all come back`);
  await simulator.comeBack();
  const startMs = Date.now();
  // Asked from the first moment: while all of them come in at the door.
  const starting = hub.start();
  const probe = await HealthProbe.fromOpening(hub.url);
  const watch = new ProcessWatch(hub.process().pid);
  await starting;
  const readyMs = Date.now();
  const latenciesMs: number[] = [];
  let tally: Tally;
  let connectedMs: number | undefined;
  do {
    await wait(500);
    tally = await simulator.tally();
    latenciesMs.push(...tally.latenciesMs);
    if (tally.connected === county.residents.length) connectedMs ??= Date.now();
    if (Date.now() - startMs > patienceS * 1000)
      throw new Error(
        `after ${patienceS} s ${tally.connected} are connected, ${tally.wholeAtMs.length} are done`,
      );
  } while (tally.wholeAtMs.length < county.residents.length);
  // Rollups of what came late follow: the hub has to answer through them as well.
  say(`all is committed after ${seconds(Math.max(...tally.wholeAtMs) - startMs)} s`);
  await wait(60_000);
  await simulator.endLessons();
  do {
    await wait(500);
    tally = await simulator.tally();
    latenciesMs.push(...tally.latenciesMs);
  } while (tally.committed < tally.made && Date.now() - startMs < patienceS * 1000);
  const { tookMs, failures } = await probe.end();
  const { mostMb } = watch.end();
  return [
    figure('size.back.held', held.made - held.committed, 'samples'),
    figure('size.back.ready', (readyMs - startMs) / 1000, 's'),
    figure('size.back.connected', ((connectedMs ?? Number.NaN) - startMs) / 1000, 's'),
    figure('size.back.live.p50', (quantile(tally.liveAtMs, 0.5) - startMs) / 1000, 's'),
    figure('size.back.live', (quantile(tally.liveAtMs, 1) - startMs) / 1000, 's'),
    figure('size.back.whole', (quantile(tally.wholeAtMs, 1) - startMs) / 1000, 's'),
    atMost('size.back.backlog_first', tally.backlogFirst, 'agents', 0),
    figure('size.back.commit.p99', quantile(latenciesMs, 0.99), 'ms'),
    figure('size.back.memory', mostMb, 'MB'),
    atMost('size.back.healthz.worst', quantile(tookMs, 1), 'ms', 1000),
    atMost('size.back.healthz.failures', failures, 'answers', 0),
  ];
}

/** Samples that the hub's ledger does not have, outbox by outbox; and none that nobody made. */
function missingIn(
  folder: string,
  { residents }: County,
  outboxes: readonly Readonly<{ id: string; made: number }>[],
): number {
  const ledger = openLedger(join(folder, 'hub', 'ledger.db'), createLog('error'));
  try {
    return residents.reduce((missing, { place: { agent } }, number) => {
      const outbox = outboxes[number];
      if (outbox === undefined) throw new Error(`${agent} has no outbox`);
      const received = ledger.received(agent, outbox.id);
      const last = received.at(-1)?.[1] ?? 0;
      if (last > outbox.made) throw new Error(`${agent}: the ledger has ${last}, of ${outbox.made} made`);
      return missing + outbox.made - received.reduce((total, [from, to]) => total + to - from + 1, 0);
    }, 0);
  } finally {
    ledger.close();
  }
}

/** Points in the store: every report has one of each of its measurements, with one field that is always there. */
async function storedIn(folder: string): Promise<number> {
  const nowS = Math.floor(Date.now() / 1000);
  const store = await openTelemetryStore('sqlite:', { dataFolder: folder, log: createLog('error') });
  try {
    const { series } = await store.series({
      measurement: 'stamp',
      field: 'ok',
      tags: {},
      from: nowS - (nowS % 3600) - 7200,
      to: nowS - (nowS % 3600) + 3600,
      every: 3600,
      agg: 'count',
    });
    const reports = series
      .flatMap(({ values }) => values)
      .reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);
    return reports * samplesPerReport;
  } finally {
    await store.close();
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
