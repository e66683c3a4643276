import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemBoot } from '@tongtang/agent/boot';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { lastCommit } from '@tongtang/outbox/write-ahead-log.fixture';
import { createLog } from '@tongtang/runtime/log';
import { generator } from '@tongtang/wire/report.fixture';
import { afterAll, expect, it, onTestFailed } from 'vitest';
import { codeFrom, ledgerOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import {
  ampleBytes,
  dataFolder,
  type RunningProcess,
  runProgram,
  startTestHub,
  tongtang,
} from '../services/tongtang.ts';

/**
 * An agent is killed with -9, a disk puts random bytes into its outbox and the log of that, and the agent is started again. A failure
 * names the seed that brings the same bytes back: `SCRIBBLE_SEED=… vitest`.
 */

const rounds = 5;
const series = 20;
/** So many beats of a run have arrived before it is killed. */
const beats = 2;
const seed = Number(process.env.SCRIBBLE_SEED ?? Math.floor(Math.random() * 1e9));
const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it(`random bytes in the outbox of a killed agent, ${rounds} times: it comes up, goes on, and what it lost is counted`, async () => {
  const agents: RunningProcess[] = [];
  onTestFailed(() => {
    process.stderr.write(`SCRIBBLE_SEED=${seed}\n${agents.map(({ output }) => output()).join('---\n')}`);
  });
  const random = generator(seed);
  const [hubData, agentData] = [dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove);
  const hub = await startTestHub(hubData.path, ampleBytes);
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  const outbox = join(agentData.path, 'agent', 'outbox.db');

  /** Which beats of a run the hub has, by series. */
  const arrived = async (run: number): Promise<readonly number[][]> => {
    const query = { measurement: 'dns', field: 'answers', agent: id, from: '-1h' };
    return (await seriesOf(hub, query)).series
      .filter(({ tags }) => tags.target?.startsWith(`run-${run}-`))
      .map(({ values }) => values.filter((value) => typeof value === 'number'));
  };

  for (let run = 1; run <= rounds + 1; run += 1) {
    const agent = runProgram(join(import.meta.dirname, 'busy-agent.ts'), [
      agentData.path,
      String(run),
      String(series),
    ]);
    agents.push(agent);
    cleanUp.push(() => agent.stop());
    await eventually(
      `${beats} beats of run ${run}`,
      async () => ((await arrived(run)).flat().length >= beats * series ? true : undefined),
      60_000,
    );
    if (run > rounds) {
      expect(await agent.stop()).toBe(0);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 1500));
    await agent.kill9();
    scribble(outbox, random);
    // The last transaction in the log cannot be told from one that a kill cut off.
    const log = `${outbox}-wal`;
    if (existsSync(log)) scribble(log, random, lastCommit(readFileSync(log)) ?? 0);
  }

  const file = openOutbox({ path: outbox, boot: systemBoot(), log: createLog('error') });
  const { id: last, lastSequence, dropped } = file.stats();
  file.close();
  await eventually('all that the last outbox ever gave', async () =>
    (await ledgerOf(hub, id)).outboxes.some(
      ({ id, received: [whole, ...more] }) =>
        id === last && whole?.[0] === 1 && whole[1] === lastSequence && more.length === 0,
    )
      ? true
      : undefined,
  );
  // What a killed agent had in memory is the end of its run; what is missing before had a number.
  let lost = 0;
  for (let run = 1; run <= rounds + 1; run += 1) {
    const found = await arrived(run);
    lost += series * Math.max(...found.flat()) - found.flat().length;
  }
  expect(lost).toBeLessThanOrEqual(dropped);
}, 240_000);

/** Up to 512 random bytes at one to four places of a file, or of its beginning. */
function scribble(path: string, random: () => number, size = statSync(path).size): void {
  const file = openSync(path, 'r+');
  for (let places = 1 + Math.floor(random() * 4); places > 0; places -= 1) {
    const length = Math.min(size, 1 + Math.floor(random() * 512));
    const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    writeSync(file, bytes, 0, length, Math.floor(random() * (size - length + 1)));
  }
  closeSync(file);
}
