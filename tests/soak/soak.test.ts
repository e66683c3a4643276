import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { agentStatus } from '@tongtang/agent/status';
import { Simulator } from '@tongtang/simulator/simulator';
import { expect, it } from 'vitest';
import { median } from '../bench/benchmark.ts';
import { settleCounty, startHubOf } from '../bench/county.ts';
import { tidily } from '../bench/tidily.ts';
import { codeFrom, ledgerOf } from '../services/api.ts';
import { compressedTime } from '../services/compressed-time.ts';
import { whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { mallocMibOf, memoryOf } from '../services/process-memory.ts';
import { bundleName, layBundle, unitEnvironment, unitFlags } from '../services/shipped-agent.ts';
import { dataFolder, runProgram, tongtang } from '../services/tongtang.ts';

/**
 * A hub with the virtual agents of a county's 46 classes, one report each every ten seconds, and the shipped agent
 * beside them. What the second sixth of the time shows of memory, handles, outbox and backlog, the last one must show as well.
 * The clock that they share goes ten times as fast: half an hour is five.
 * Another length: `SOAK_MINUTES=90 npm run soak`; at the true pace: `SOAK_SPEED=1`.
 */

const minutes = Number(process.env.SOAK_MINUTES ?? 30);
const speed = Number(process.env.SOAK_SPEED ?? 10);
const lookEveryS = 15;
const agents = 46;
/**
 * Growth from the second sixth to the last that is not noise. The hub's garbage comes and goes by twenty MiB. Beside it SQLite keeps what there
 * is of the databases, up to a bound (64 MiB of the telemetry): that grows with the files, and by no more than they do.
 */
const tolerance = { agentMib: 1, hubMib: 8, cacheMib: 2, handles: 3, outboxBytes: 64 * 1024, backlog: 60 };

/** Handles are open files, sockets and the like; caches are SQLite's. */
type ProcessState = Readonly<{ privateMib: number; cacheMib: number; handles: number }>;
type Look = Readonly<{
  agent: ProcessState;
  hub: ProcessState;
  databasesMib: number;
  outboxBytes: number;
  backlog: number;
}>;

it(
  `${minutes} minutes at ${speed} times the pace, ${agents} virtual agents and a real one: all stays flat`,
  async () => {
    await tidily(async (atEnd) => {
      const county = settleCounty(agents + 1, atEnd);
      // One clock for all three, or what is measured by one would be late for another.
      const elsewhere = compressedTime(speed);
      const { hub, broker, folder } = await startHubOf(county, 'sqlite', atEnd, elsewhere);
      const simulator = new Simulator(elsewhere);
      atEnd(() => simulator.stop());
      const virtual = county.residents.slice(0, agents);
      await simulator.settle(virtual.map(({ enrolled }) => enrolled));
      await simulator.connect(broker);

      const data = dataFolder();
      atEnd(data.remove);
      const { school = '', classroom } = county.residents.at(-1)?.place ?? {};
      const code = await codeFrom(hub, { county: 'bench', school, classroom: classroom ?? '' });
      const { output } = await tongtang(['agent', 'enroll', hub.url, code], { TONGTANG_DATA: data.path });
      const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
      const bundle = layBundle();
      atEnd(bundle.remove);
      const agent = runProgram(
        join(bundle.path, bundleName),
        ['run'],
        { ...unitEnvironment, TONGTANG_DATA: data.path },
        ([node = '', ...rest]) => elsewhere([node, ...unitFlags, ...rest]),
      );
      atEnd(() => agent.stop());

      await simulator.beginLessons();
      const looks: Look[] = [];
      const endMs = performance.now() + minutes * 60_000;
      while (performance.now() < endMs) {
        await wait(lookEveryS * 1000);
        const outboxBytes = ['outbox.db', 'outbox.db-wal']
          .map((name) => statSync(join(data.path, 'agent', name), { throwIfNoEntry: false })?.size ?? 0)
          .reduce((a, b) => a + b);
        const backlog = agentStatus(data.path).report?.backlog ?? 0;
        const look = {
          agent: stateOf(agent.pid),
          hub: stateOf(hub.process().pid),
          databasesMib: databasesMibIn(join(folder, 'hub')),
          outboxBytes,
          backlog,
        };
        looks.push(look);
        if (looks.length % 4 === 0) process.stdout.write(`${lineOf(looks.length * lookEveryS, look)}\n`);
      }

      const sixth = Math.floor(looks.length / 6);
      const [early, late] = [looks.slice(sixth, 2 * sixth), looks.slice(-sixth)];
      const grown = (of: (look: Look) => number) => median(late.map(of)) - median(early.map(of));
      expect(
        grown(({ agent }) => agent.privateMib),
        'memory of the agent, MiB',
      ).toBeLessThan(tolerance.agentMib);
      expect(
        grown(({ hub }) => hub.privateMib - hub.cacheMib),
        'memory of the hub without the caches of its databases, MiB',
      ).toBeLessThan(tolerance.hubMib);
      expect(
        grown(({ hub }) => hub.cacheMib),
        'caches of the hub, MiB, beside what its databases grew by',
      ).toBeLessThan(grown(({ databasesMib }) => databasesMib) + tolerance.cacheMib);
      expect(
        grown(({ agent }) => agent.handles),
        'handles of the agent',
      ).toBeLessThan(tolerance.handles);
      expect(
        grown(({ hub }) => hub.handles),
        'handles of the hub',
      ).toBeLessThan(tolerance.handles);
      expect(
        grown(({ outboxBytes }) => outboxBytes),
        'bytes of the outbox',
      ).toBeLessThan(tolerance.outboxBytes);
      expect(
        grown(({ backlog }) => backlog),
        'samples without a commit',
      ).toBeLessThan(tolerance.backlog);

      await agent.stop();
      await whole(hub, id, minutes * speed * 6);
      await simulator.endLessons();
      await eventually('all of the virtual agents is committed', async () => {
        const { made, committed } = await simulator.tally();
        return made === committed ? true : undefined;
      });
      for (const [number, { made }] of (await simulator.outboxes()).entries()) {
        const { outboxes } = await ledgerOf(hub, virtual[number]?.place.agent ?? '');
        expect(outboxes.map(({ received }) => received)).toEqual([[[1, made]]]);
        // Three samples each ten seconds.
        expect(made).toBeGreaterThan(minutes * speed * 6 * 3 * 0.95);
      }
    });
  },
  (minutes + 10) * 60_000,
);

function lineOf(seconds: number, { agent, hub, databasesMib, outboxBytes, backlog }: Look): string {
  const of = ({ privateMib, cacheMib, handles }: ProcessState) =>
    `${privateMib.toFixed(1)} MiB, caches ${cacheMib.toFixed(1)} of it, ${handles} handles`;
  return `${Math.round(seconds / 60)} min: agent ${of(agent)}; hub ${of(hub)}; its databases ${databasesMib.toFixed(1)} MiB; outbox ${Math.round(outboxBytes / 1024)} kB, backlog ${backlog}`;
}

/** With what is in their logs. */
function databasesMibIn(folder: string): number {
  const files = readdirSync(folder).filter((name) => /\.db(-wal)?$/.test(name));
  const sizes = files.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((a, b) => a + b, 0) / 2 ** 20;
}

/** @throws where the process has ended */
function stateOf(pid: number): ProcessState {
  const handles = readdirSync(`/proc/${pid}/fd`).length;
  return { privateMib: memoryOf(pid).privateMib, cacheMib: mallocMibOf(pid), handles };
}
