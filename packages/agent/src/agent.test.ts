import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { networkProbes } from '@tongtang/probes/network-probes';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgent } from './agent.ts';
import { systemBoot } from './boot.ts';
import { agentStatus } from './status.ts';
import { testAddress } from './testing/uplink-at-work.ts';

const log = createLog('error').child({}, { level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-agent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const outboxPath = () => join(folder, 'agent', 'outbox.db');

/** An agent that measures nothing but itself, without a hub, from start to stop. */
async function runOnce() {
  const nowhere = { host: '127.0.0.1', port: 9 };
  const identity = {
    ...testAddress,
    password: 'any',
    hub: 'http://127.0.0.1:9',
    mqtt: { protocol: 'mqtt', ...nowhere },
    stamp: nowhere,
  } as const;
  const probeSet = () => ({ probes: networkProbes, builtIn: [], samplers: [] });
  const agent = await startAgent({ dataFolder: folder, identity, probeSet, log });
  await agent.stop();
  const { report } = agentStatus(folder);
  if (report === undefined) throw new Error('no report');
  return report;
}

function measureBefore(samples: number): void {
  const outbox = openOutbox({ path: outboxPath(), boot: systemBoot(), log });
  const time = Math.floor(Date.now() / 1000);
  outbox.append(Array.from({ length: samples }, (_, n) => ({ line: `dns,target=t${n} ok=true`, time })));
  outbox.close();
}

describe('an outbox that is damaged while no agent runs', () => {
  it('is told by the next one as dropped samples, and not a second time', async () => {
    measureBefore(120);
    const before = await runOnce();
    expect(before).toMatchObject({ dropped: 0 });
    expect(before.backlog).toBeGreaterThanOrEqual(120);
    writeFileSync(outboxPath(), readFileSync(outboxPath()).fill(0x5a, 0, 2000));
    expect((await runOnce()).dropped).toBe(before.backlog);
    expect((await runOnce()).dropped).toBe(before.backlog);
  });

  it('leaves the agent at work where its report is damaged as well', async () => {
    measureBefore(5);
    await runOnce();
    writeFileSync(outboxPath(), 'x'.repeat(5000));
    writeFileSync(join(folder, 'agent', 'status.json'), '{"backlog":');
    expect(await runOnce()).toMatchObject({ dropped: 0 });
  });
});

it('an outbox has from its agent by which wall clock this boot began: whether it is set since then shows by that', async () => {
  const beganMs = Date.now() - uptime() * 1000;
  await runOnce();
  const database = new DatabaseSync(outboxPath(), { readOnly: true });
  const [boot, ms] = String(
    database.prepare("SELECT value FROM state WHERE key = 'began'").get()?.value,
  ).split(' ');
  database.close();
  if (process.platform === 'linux') expect(boot).toBe(systemBoot());
  expect(Math.abs(Number(ms) - beganMs)).toBeLessThan(1000);
});
