import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agentsOf, codeFrom, ledgerOf, seriesOf } from '../services/api.ts';
import { ranAgainst } from '../services/components.ts';
import { eventually } from '../services/eventually.ts';
import { bundleName, layBundle, nativeAddOn, startShipped } from '../services/shipped-agent.ts';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';

/**
 * The agent as classrooms get it: one file, in a folder where nothing else is, started with the flags of the systemd
 * unit, against a real hub.
 */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

let folder: string;
beforeAll(() => {
  const bundle = layBundle();
  folder = bundle.path;
  return bundle.remove;
});

const shipped = (words: readonly string[], data: string) => startShipped(folder, words, data);

async function isStored(hub: TestHub, agent: string, measurement: string, field: string) {
  const { series } = await seriesOf(hub, { measurement, field, agent, from: '-10m', agg: 'last' });
  return series.some(({ values }) => values.some((value) => typeof value === 'number')) || undefined;
}

describe('the shipped agent', () => {
  it('carries nothing of what only receivers need', () => {
    const bundle = readFileSync(join(folder, bundleName), 'utf8');
    for (const part of ['snmpEngineBoots', 'emptyIsUnlocked', '1.3.6.1']) expect(bundle).not.toContain(part);
    expect(bundle).not.toMatch(nativeAddOn);
  });

  it('is ASCII, of which V8 keeps a character in a byte, and all of it in two where one is beyond Latin-1', () => {
    expect(readFileSync(join(folder, bundleName), 'latin1')).not.toMatch(/[\x80-\xff]/);
  });

  it('runs from one file in an empty folder: enrolled, measuring, committed, stopped in order', async () => {
    const hubData = dataFolder();
    const agentData = dataFolder();
    cleanUp.push(hubData.remove, agentData.remove);
    const hub = await startTestHub(hubData.path);
    cleanUp.push(() => hub.process().stop());

    expect(readdirSync(folder)).toEqual([bundleName]);
    const enrolment = shipped(['enroll', hub.url, await codeFrom(hub)], agentData.path);
    expect([await enrolment.ended, enrolment.output()]).toEqual([0, expect.stringContaining('Enrolled as ')]);

    const agent = shipped(['run'], agentData.path);
    cleanUp.push(() => agent.child.kill('SIGKILL'));
    const id = await eventually(
      'agent online',
      async () => (await agentsOf(hub)).find(({ state }) => state === 'online')?.id,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${agent.output()}`);
    });
    await eventually('stamp in the store', () => isStored(hub, id, 'stamp', 'rtt_ms'));

    const status = shipped(['status'], agentData.path);
    expect(await status.ended).toBe(0);
    expect(JSON.parse(status.output())).toMatchObject({ running: true, report: { agent: id } });

    // By then the host was sampled, within 10 s of the start; the next batch is not due for a minute.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    // What was measured since goes out before the agent does.
    await eventually('host in the store', () => isStored(hub, id, 'host', 'memory_used_ratio'));
    const { outboxes } = await ledgerOf(hub, id);
    expect(outboxes.map(({ missing }) => missing)).toEqual([[]]);
    expect(agent.output()).not.toMatch(/"level":"error"|Warning/);
    ranAgainst(`the shipped agent on Node ${process.version}`);
  }, 90_000);

  it('says how it is used, and what is wrong with how it was', async () => {
    const asked = shipped(['--help'], folder);
    expect([await asked.ended, asked.output()]).toEqual([
      0,
      expect.stringContaining('tongtang-agent enroll'),
    ]);
    const early = shipped(['run'], folder);
    expect([await early.ended, early.output()]).toEqual([1, expect.stringContaining('has no agent yet')]);
    const unknown = shipped(['dance'], folder);
    expect([await unknown.ended, unknown.output()]).toEqual([
      1,
      expect.stringContaining('no command "dance"'),
    ]);
    const lost = shipped(['enroll', 'http://127.0.0.1:9', 'code'], folder);
    expect([await lost.ended, lost.output()]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });
});
