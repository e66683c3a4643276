import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counting, sending, startForeignServer } from '@tongtang/probes/throughput/foreign-server.fixture';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, describe, expect, it } from 'vitest';
import { GiveWay } from './give-way.ts';
import { ThroughputTests } from './tests.ts';
import { TestTurns } from './turns.ts';

const day = 86_400;
const log = createLog('error').child({}, { level: 'silent' });
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An agent's tests on a clock that the test sets, against a real server that has room or not. */
async function testing() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'tongtang-tests-'));
  cleanUp.push(() => rmSync(dataFolder, { recursive: true }));
  let full = false;
  const upload: Parameters<typeof startForeignServer>[0]['upload'] = (socket, ...rest) => {
    counting(20)(socket, ...rest);
    setTimeout(() => socket.close(1000), 200);
  };
  const server = await startForeignServer({ download: sending(2 ** 14, 64), upload }, () =>
    full ? '503 Service Unavailable\r\nRetry-After: 30' : undefined,
  );
  cleanUp.push(server.stop);
  const world: { hubS?: number; quietUntilS?: number } = { hubS: 0, quietUntilS: Number.POSITIVE_INFINITY };
  const giveWay = new GiveWay();
  const tests = new ThroughputTests({
    turns: new TestTurns({ dataFolder, agent: 'a-1', log }),
    giveWay,
    hub: { url: 'http://127.0.0.1:9', agent: 'a-1', password: 'any' },
    hubS: () => world.hubS,
    quietUntilS: () => world.quietUntilS,
    log,
  });
  const target = { link: 'broadband', target: 'bandwidth', address: server.address } as const;
  const context = () => ({
    signal: new AbortController().signal,
    log,
    monotonicMs: () => performance.now(),
  });
  const look = () => tests.testIfDue('throughput', day, target, context());
  return {
    world,
    server,
    giveWay,
    look,
    fill: (whether: boolean) => {
      full = whether;
    },
  };
}

describe('tests of the throughput', () => {
  it('wait until the hub’s time is known, lessons are far, and their turn has come', async () => {
    const { world, look, server } = await testing();
    delete world.hubS;
    expect(await look()).toEqual([]);
    world.hubS = 10_000;
    delete world.quietUntilS;
    expect(await look()).toEqual([]);
    world.quietUntilS = 10_000;
    expect(server.requests).toEqual([]);
    const [reading] = await look();
    expect(reading).toMatchObject({
      measurement: 'throughput',
      tags: { link: 'broadband', target: 'bandwidth' },
      fields: { ok: true, download_bit_s: expect.any(Number), upload_bit_s: expect.any(Number) },
    });
    world.hubS += 60;
    expect(await look()).toEqual([]);
  });

  it('run one at a time', async () => {
    const { look, world, server } = await testing();
    world.quietUntilS = 0;
    const readings = await Promise.all([look(), look()]);
    expect(readings.map(({ length }) => length)).toEqual([1, 0]);
    expect(server.requests).toEqual(['/ndt/v7/download', '/ndt/v7/upload']);
  });

  it('say nothing where the server has no room, and ask again', async () => {
    const { look, world, fill } = await testing();
    world.quietUntilS = 0;
    fill(true);
    expect(await look()).toEqual([]);
    fill(false);
    world.hubS = 10;
    expect(await look()).toEqual([]);
    world.hubS = 61;
    expect(await look()).toHaveLength(1);
  });

  it('end when the agent sees that they disturb', async () => {
    const { look, world, giveWay } = await testing();
    world.quietUntilS = 0;
    const underWay = look();
    giveWay.lessonNear();
    const [reading] = await underWay;
    expect(JSON.stringify(reading?.fields)).toContain('lesson');
  });
});
