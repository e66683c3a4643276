import type { SteadyResult } from '@tongtang/simulator/orders';
import { Simulator } from '@tongtang/simulator/simulator';
import { atMost, type Benchmark, figure, quantile, type Result } from './benchmark.ts';
import { type County, type Store, settleCounty, startHubOf } from './county.ts';
import { tidily } from './tidily.ts';

/** Each sends one report of thirty fields every ten seconds, as in lessons. */
const agents = 1000;
const perSecond = agents / 10;
const seconds = { warmUp: 10, measured: 30 } as const;
/** How long an agent waits from publish to commit, at the pace of a county that is in lessons. */
export const commitLatency: Benchmark = {
  name: 'commit-latency',
  about: `from publish to commit, ${perSecond} batches a second over ${agents} connections`,
  run: ({ say }) =>
    tidily(async (atEnd) => {
      const county = settleCounty(agents, atEnd);
      const simulator = new Simulator();
      atEnd(() => simulator.stop());
      await simulator.settle(county.residents.map(({ enrolled }) => enrolled));
      const results: Result[] = [];
      for (const store of ['sqlite', 'influxdb'] as const) {
        const { latenciesMs, behindMs } = await reportsTo(store, simulator, county);
        const slowest = Math.round(quantile(latenciesMs, 1));
        say(`${store}: ${latenciesMs.length} commits, the slowest after ${slowest} ms`);
        if (behindMs > 100)
          say(`reports went out up to ${Math.round(behindMs)} ms late: the machine is busy`);
        results.push(figure(`commit.${store}.p50`, quantile(latenciesMs, 0.5), 'ms'));
        results.push(atMost(`commit.${store}.p99`, quantile(latenciesMs, 0.99), 'ms', 250));
      }
      return results;
    }),
};

function reportsTo(store: Store, simulator: Simulator, county: County): Promise<SteadyResult> {
  return tidily(async (atEnd) => {
    const { broker } = await startHubOf(county, store, atEnd);
    await simulator.connect(broker);
    await simulator.reportSteadily(perSecond, seconds.warmUp);
    const result = await simulator.reportSteadily(perSecond, seconds.measured);
    await simulator.disconnect();
    if (result.heldBack > 0) throw new Error(`${store}: ${result.heldBack} reports found their window full`);
    return result;
  });
}
