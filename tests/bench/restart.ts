import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { backlogOf, reportEveryS } from '@tongtang/simulator/backlog';
import { Simulator } from '@tongtang/simulator/simulator';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openTelemetryStore } from '@tongtang/store/open';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { atMost, type Benchmark, figure, median } from './benchmark.ts';
import { type County, settleCounty, startHubOf } from './county.ts';
import { tidily } from './tidily.ts';

const agents = 100;
/** What the hub finds: so many hours of all agents, a file just below the size up to which it is checked at the start. */
const hours = 20;
/** Ranges of each agent's outbox: a line that was cut now and then. */
const ranges = 50;
const rounds = 5;

/** How long after the start of a hub that was killed an agent waits for its first commit. */
export const restart: Benchmark = {
  name: 'restart',
  about: `from the start of a hub after kill -9 to the first commit, with ${hours} hours of ${agents} agents on disk`,
  run: ({ say }) =>
    tidily(async (atEnd) => {
      const county = settleCounty(agents, atEnd);
      const { hub, broker, folder } = await startHubOf(county, 'sqlite', atEnd);
      const simulator = new Simulator();
      atEnd(() => simulator.stop());
      const waiting = county.residents.slice(0, 1).map(({ enrolled }) => enrolled);
      // An agent backs off for up to a minute, so that a county does not come back in one second. Here the hub counts.
      await simulator.settle(waiting, { firstMs: 20, longestMs: 20 });
      await simulator.connect(broker);
      await hub.process().kill9();
      const bytes = await fill(folder, county);
      say(`${Math.round(bytes / 1e6)} MB of telemetry on disk`);

      const secondsOf: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const startMs = performance.now();
        const committed = simulator.reportOnce().then(() => (performance.now() - startMs) / 1000);
        const [seconds] = await Promise.all([committed, hub.start()]);
        secondsOf.push(seconds);
        await hub.process().kill9();
        say(`round ${round} of ${rounds}: ${secondsOf.at(-1)?.toFixed(2)} s`);
      }
      return [
        figure('restart.telemetry', bytes / 1e6, 'MB'),
        atMost('restart.first_commit', median(secondsOf), 's', 2),
      ];
    }),
};

/** Writes what a hub would have in its files by now. @returns bytes of telemetry */
async function fill(folder: string, { residents }: County): Promise<number> {
  const log = createLog('error');
  const untilS = Math.floor(Date.now() / 1000);
  const reports = (hours * 3600) / reportEveryS;
  const [lines = []] = backlogOf(0, { batches: 1, reportsPerBatch: reports, untilS });
  const samples = lines.map((line) => {
    const sample = decodeLine(line);
    if ('reason' in sample) throw new Error(`${line}: ${sample.reason}`);
    return sample;
  });
  const telemetry = await openTelemetryStore('sqlite:', { dataFolder: folder, log });
  for (const { place } of residents) await telemetry.write([{ place, samples }]);
  await telemetry.close();
  const ledger = openLedger(join(folder, 'hub', 'ledger.db'), log);
  const each = Math.floor(samples.length / ranges);
  ledger.accept(
    residents.flatMap(({ place: { agent } }) =>
      Array.from({ length: ranges }, (_, range) => ({
        agent,
        outbox: `0utb0x${agent.slice(2)}`,
        from: range * each + 1,
        to: range * each + each - 1,
        oldest: 1,
        time: untilS,
      })),
    ),
  );
  ledger.close();
  return statSync(join(folder, 'hub', 'telemetry.db')).size;
}
