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
import { collectGarbage } from '../services/collect-garbage.ts';
import { compressedTime } from '../services/compressed-time.ts';
import { whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { memoryOf } from '../services/process-memory.ts';
import { bundleName, layBundle, unitEnvironment, unitFlags } from '../services/shipped-agent.ts';
import { dataFolder, type RunningProcess, runProgram, tongtang } from '../services/tongtang.ts';

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
 * Growth from the second sixth to the last that is not noise. The hub's garbage comes and goes by twenty MiB, and is collected each quarter of an
 * hour: of the hub what it holds without counts, before the second sixth and at the end. SQLite keeps what there is of the telemetry there, up
 * to 64 MiB: a file that is smaller may add what it grows by.
 */
const tolerance = { agentMib: 1, hubMib: 4, heapMib: 1, handles: 3, outboxBytes: 64 * 1024, backlog: 60 };

/** Handles are open files, sockets and the like. */
type ProcessState = Readonly<{ privateMib: number; handles: number }>;
/** What a hub holds once its garbage is collected, and what its files have grown to. */
type Held = Readonly<{ heapMib: number; privateMib: number; databasesMib: number }>;
type Look = Readonly<{ agent: ProcessState; hub: ProcessState; outboxBytes: number; backlog: number }>;

it(
  `${minutes} minutes at ${speed} times the pace, ${agents} virtual agents and a real one: all stays flat`,
  async () => {
    await tidily(async (atEnd) => {
      const county = settleCounty(agents + 1, atEnd);
      // One clock for all three, or what is measured by one would be late for another.
      const elsewhere = compressedTime(speed);
      const { hub, broker, folder } = await startHubOf(county, 'sqlite', atEnd, ([node = '', ...rest]) =>
        elsewhere([node, '--inspect-port=0', ...rest]),
      );
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
      const heldByHub: Held[] = [];
      const startMs = performance.now();
      while (performance.now() < startMs + minutes * 60_000) {
        if (heldByHub.length === 0 && performance.now() > startMs + minutes * 10_000)
          heldByHub.push(await heldBy(hub.process(), join(folder, 'hub')));
        await wait(lookEveryS * 1000);
        const outboxBytes = ['outbox.db', 'outbox.db-wal']
          .map((name) => statSync(join(data.path, 'agent', name), { throwIfNoEntry: false })?.size ?? 0)
          .reduce((a, b) => a + b);
        const backlog = agentStatus(data.path).report?.backlog ?? 0;
        const look = {
          agent: stateOf(agent.pid),
          hub: stateOf(hub.process().pid),
          outboxBytes,
          backlog,
        };
        looks.push(look);
        if (looks.length % 4 === 0) process.stdout.write(`${lineOf(looks.length * lookEveryS, look)}\n`);
      }

      heldByHub.push(await heldBy(hub.process(), join(folder, 'hub')));
      process.stdout.write(`the hub without its garbage, first and last: ${JSON.stringify(heldByHub)}\n`);
      const grownInHub = (of: keyof Held) => (heldByHub.at(-1)?.[of] ?? 0) - (heldByHub[0]?.[of] ?? 0);
      const sixth = Math.floor(looks.length / 6);
      const [early, late] = [looks.slice(sixth, 2 * sixth), looks.slice(-sixth)];
      const grown = (of: (look: Look) => number) => median(late.map(of)) - median(early.map(of));
      expect(
        grown(({ agent }) => agent.privateMib),
        'memory of the agent, MiB',
      ).toBeLessThan(tolerance.agentMib);
      expect(grownInHub('heapMib'), 'heap of the hub, MiB').toBeLessThan(tolerance.heapMib);
      expect(grownInHub('privateMib'), 'memory of the hub, MiB').toBeLessThan(
        grownInHub('databasesMib') + tolerance.hubMib,
      );
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

function lineOf(seconds: number, { agent, hub, outboxBytes, backlog }: Look): string {
  const of = ({ privateMib, handles }: ProcessState) => `${privateMib.toFixed(1)} MiB, ${handles} handles`;
  return `${Math.round(seconds / 60)} min: agent ${of(agent)}; hub ${of(hub)}; outbox ${Math.round(outboxBytes / 1024)} kB, backlog ${backlog}`;
}

/** @throws where the process has ended */
function stateOf(pid: number): ProcessState {
  return { privateMib: memoryOf(pid).privateMib, handles: readdirSync(`/proc/${pid}/fd`).length };
}

async function heldBy(running: RunningProcess, folder: string): Promise<Held> {
  const heapMib = await collectGarbage(running);
  const sizes = readdirSync(folder).map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  const databasesMib = sizes.reduce((a, b) => a + b, 0) / 2 ** 20;
  return { heapMib, privateMib: memoryOf(running.pid).privateMib, databasesMib };
}
