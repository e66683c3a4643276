import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLog } from '@tongtang/runtime/log';
import { openLedger } from '@tongtang/store/ledger/ledger';
import type { EnrolledAgent } from '@tongtang/store/registry/registry';
import type { PlacedSamples, Written } from '@tongtang/store/telemetry';
import { encodeBatch } from '@tongtang/wire/batch';
import { textOf } from '@tongtang/wire/line-protocol';
import { topicOf } from '@tongtang/wire/topics';
import { describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../metrics.ts';
import { Ingest } from './ingest.ts';

const nowS = 1_788_228_100;
const agent: EnrolledAgent = {
  id: 'a1',
  address: { county: 'qilian', school: 'xx1', agent: 'a1' },
  place: { county: 'qilian', school: 'xx1', classroom: 'c1', agent: 'a1' },
  passwordHash: '',
  enrolledAt: 0,
};

/** What an ingest stands in beside store and ledger: agents of one classroom, a broker that notes what is committed. */
function surroundings(commits: string[]) {
  return {
    registry: {
      agent: (id: string) => ({ ...agent, id, place: { ...agent.place, agent: id } }),
    },
    quarantine: { keep: () => {} },
    metrics: createMetrics(),
    log: createLog('error'),
    nowS: () => nowS,
    clock: { isBelieved: () => true },
    hub: 'hub00000',
    link: {
      subscribe: async () => {},
      publish: async (_: string, payload: string | Buffer) => void commits.push(String(payload)),
      remembers: true,
      onConnect: () => {},
      connected: () => true,
      close: async () => {},
    },
    observe: () => {},
    askForWhole: () => {},
    stored: () => {},
  };
}

/** An ingest whose store ends a write when the test says so, or at once. */
function openIngest(groupSamples: number, atOnce = false) {
  const writes: { batches: readonly PlacedSamples[]; end: () => void }[] = [];
  const commits: string[] = [];
  const parts = surroundings(commits);
  const ingest = new Ingest(
    {
      ...parts,
      telemetry: {
        write: (batches) =>
          new Promise<Written>((written) => {
            const end = (): void => written({ refused: [] });
            writes.push({ batches, end });
            if (atOnce) end();
          }),
        check: async () => {},
      },
      ledger: { accept: () => {}, holds: () => false, admits: () => true },
    },
    { groupSamples, gatherMs: 0 },
  );
  const take = (
    sequence: number,
    points = ['dns ok=true'],
    commitLater = false,
    { outbox = '0utb0x00', sender = agent.id } = {},
  ): void => {
    const lines = points.map((point) => `${point} ${nowS}`);
    const to = sequence + lines.length - 1;
    const header = { outbox, from: sequence, to, oldest: 1, commitLater };
    ingest.take(topicOf({ ...agent.address, agent: sender }, 'telemetry'), encodeBatch(header, lines, true));
  };
  return { ingest, writes, commits, take, metrics: parts.metrics };
}

describe('ingest', () => {
  it('gathers while a write is under way, and begins a second one when a whole group waits', async () => {
    const { writes, take } = openIngest(2);
    take(1);
    expect(writes).toHaveLength(1);
    take(2);
    await nextTurn();
    expect(writes).toHaveLength(1);
    take(3);
    await nextTurn();
    expect(writes.map(({ batches }) => batches.length)).toEqual([1, 2]);
  });

  it('lets others have their turn between the groups, although the store answers at once', async () => {
    const { take, commits } = openIngest(1, true);
    for (let sequence = 1; sequence <= 50; sequence += 1) take(sequence);
    await nextTurn();
    expect(commits.length).toBeLessThan(10);
    await expect.poll(() => commits.length).toBe(50);
  });

  it('has no more than two writes under way, and goes on when one ends', async () => {
    const { writes, take, commits } = openIngest(1);
    for (const sequence of [1, 2, 3, 4]) take(sequence);
    await nextTurn();
    expect(writes).toHaveLength(2);
    writes[1]?.end();
    await nextTurn();
    expect(writes).toHaveLength(3);
    expect(commits.map((commit) => JSON.parse(commit).ranges)).toEqual([[[2, 2]]]);
  });

  it('takes what is measured now before what a whole county brings back from an outage', async () => {
    const { writes, take } = openIngest(1);
    const outage = Array.from({ length: 400 }, (_, number) => `dns,target=t${Math.sin(number)} ok=true`);
    for (const sequence of [1, 2, 3]) take(sequence);
    take(4, outage);
    take(1000);
    for (const index of [0, 1, 2]) {
      await nextTurn();
      writes[index]?.end();
    }
    await nextTurn();
    expect(writes.slice(3).map(({ batches }) => batches[0]?.samples.length)).toEqual([1, 400]);
  });

  it('does not keep for ever what an agent never asks for', async () => {
    const { take, commits } = openIngest(1, true);
    const told = () => commits.flatMap((commit) => JSON.parse(commit).ranges).length;
    for (let sequence = 1; sequence <= 200; sequence += 2) {
      take(sequence, undefined, true);
      await nextTurn();
    }
    await expect.poll(told).toBeGreaterThan(80);
    expect(told()).toBeLessThan(100);
  });

  it('tells of an outbox that asks no more when the agent begins another, as a PC does that puts its disk back', async () => {
    const { take, commits } = openIngest(1, true);
    for (let boot = 1; boot <= 50; boot += 1) {
      take(1, undefined, true, { outbox: `b00t00${10 + boot}` });
      await nextTurn();
    }
    await expect.poll(() => commits.length).toBe(49);
  });

  it('gives agents their turns: what one of them sends without end holds nobody up', async () => {
    const { writes, take } = openIngest(1);
    const flood = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const sequence of flood) take(sequence);
    take(100, undefined, false, { sender: 'a2' });
    for (let ended = 0; ended < 4; ended += 1) {
      await nextTurn();
      writes[ended]?.end();
    }
    expect(writes.slice(0, 4).map(({ batches }) => batches[0]?.place.agent)).toContain('a2');
  });

  it('drops what one agent sends beyond anything that an agent may, and takes what others send', async () => {
    const { writes, take, metrics } = openIngest(1);
    for (let sequence = 1; sequence <= 500; sequence += 1) take(sequence);
    take(1, undefined, false, { sender: 'a2' });
    const { values } = await metrics.dropped.get();
    expect(values).toMatchObject([{ labels: { reason: 'agent-ahead' }, value: 500 - 1 - 64 }]);
    for (let ended = 0; ended < 67; ended += 1) {
      await nextTurn();
      writes[ended]?.end();
    }
    const of = (id: string) => writes.filter(({ batches }) => batches[0]?.place.agent === id).length;
    expect([of('a1'), of('a2')]).toEqual([65, 1]);
  });

  it('gathers no more text than a write needs, however few samples are in it', async () => {
    const { writes, take } = openIngest(10_000);
    const comment = `#${'x'.repeat(1_500_000)}\ndns ok=true`;
    for (let sequence = 1; sequence <= 30; sequence += 1) take(sequence, [comment]);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(writes.map(({ batches }) => batches.length)).toEqual([1, 3]);
  });

  it('writes what waits before it stops', async () => {
    const { ingest, writes, take, commits } = openIngest(1);
    for (const sequence of [1, 2, 3, 4]) take(sequence);
    const stopped = ingest.stop();
    for (let ended = 0; ended < 4; ended += 1) {
      await nextTurn();
      writes[ended]?.end();
    }
    await stopped;
    expect(commits).toHaveLength(4);
  });
});

/** An ingest whose store and ledger note the order in which they are asked, and fail when the test says so. */
function openFailing(failures: {
  store?: number;
  incidents?: number;
  ledger?: number;
  holds?: number;
  indigestible?: string;
}) {
  const asked: string[] = [];
  const commits: string[] = [];
  const fails = (part: 'store' | 'incidents' | 'ledger' | 'holds'): void => {
    const left = failures[part] ?? 0;
    failures[part] = left - 1;
    if (left > 0) throw new Error(`${part} failed on purpose`);
  };
  const metrics = createMetrics();
  const ingest = new Ingest(
    {
      ...surroundings(commits),
      metrics,
      log: createLog('error').child({}, { level: 'silent' }),
      stored: () => {
        asked.push('incidents');
        fails('incidents');
      },
      telemetry: {
        write: async (batches) => {
          asked.push('store');
          fails('store');
          const lines = batches.flatMap(({ samples }) => samples.map(textOf));
          if (lines.some((line) => line === failures.indigestible)) throw new Error('cannot digest it');
          return { refused: [] };
        },
        check: async () => {
          if ((failures.store ?? 0) > 0) throw new Error('still away');
        },
      },
      ledger: {
        accept: () => {
          asked.push('ledger');
          fails('ledger');
        },
        admits: () => true,
        holds: () => {
          fails('holds');
          return false;
        },
      },
    },
    { gatherMs: 0 },
  );
  const take = (sequence: number, line = `dns ok=true ${nowS}`): void => {
    const header = { outbox: '0utb0x00', from: sequence, to: sequence, oldest: 1 };
    ingest.take(topicOf(agent.address, 'telemetry'), encodeBatch(header, [line], true));
  };
  return { ingest, asked, commits, take };
}

describe('a commit', () => {
  it('comes after the store, then what concludes from it, then the ledger', async () => {
    const { ingest, asked, commits, take } = openFailing({});
    take(1);
    await ingest.stop();
    expect(asked).toEqual(['store', 'incidents', 'ledger']);
    expect(commits).toHaveLength(1);
  });

  it.each(['store', 'incidents', 'ledger'] as const)('waits until %s has taken the samples', async (part) => {
    const { ingest, asked, commits, take } = openFailing({ [part]: 1 });
    take(1);
    await vi.waitFor(() => expect(asked).toContain(part));
    await nextTurn();
    expect(commits).toEqual([]);
    await vi.waitFor(() => expect(commits).toHaveLength(1));
    await ingest.stop();
    expect(asked.slice(-3)).toEqual(['store', 'incidents', 'ledger']);
  });

  it('is not held up for others by one batch that the store cannot digest, however long the store was away', async () => {
    const poison = `dns ok=false ${nowS}`;
    const { ingest, commits, take } = openFailing({ store: 4, indigestible: poison });
    take(1);
    take(2, poison);
    take(3);
    for (const range of ['[1,1]', '[3,3]'])
      await vi.waitFor(() => expect(commits.join()).toContain(range), { timeout: 20_000 });
    expect(commits.join()).not.toContain('[2,2]');
    await ingest.stop();
  }, 30_000);

  it('is left out where the store answers after the end, and the ledger goes on as it was', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tongtang-ingest-')), 'ledger.db');
    const ledger = openLedger(path, createLog('error'));
    const commits: string[] = [];
    let answer = (): void => {};
    let heard = false;
    const ingest = new Ingest(
      {
        ...surroundings(commits),
        log: createLog('error').child({}, { level: 'silent' }),
        telemetry: {
          write: () =>
            new Promise<Written>((written) => {
              answer = () => written({ refused: [] });
            }),
          check: async () => {},
        },
        stored: () => {
          heard = true;
        },
        ledger,
      },
      { gatherMs: 0, drainMs: 1 },
    );
    const header = { outbox: '0utb0x00', from: 1, to: 1, oldest: 1 };
    const topic = topicOf(agent.address, 'telemetry');
    ingest.take(topic, encodeBatch(header, [`dns ok=true ${nowS}`], true));
    await ingest.stop();
    ledger.close();
    answer();
    await nextTurn();
    expect([heard, commits]).toEqual([true, []]);
    const next = openLedger(path, createLog('error'), true);
    next.accept([{ agent: 'a1', outbox: '0utb0x01', from: 11, to: 12, oldest: 11, time: nowS }]);
    expect(next.outboxes('a1')).toMatchObject([{ id: '0utb0x01', unknownBefore: 1, lost: [[1, 10]] }]);
    next.close();
  });

  it('is left out where the ledger cannot be read, and the next batch is taken', async () => {
    const { ingest, commits, take } = openFailing({ holds: 1 });
    take(1);
    take(2);
    await ingest.stop();
    expect(commits.join()).toContain('[[2,2]]');
  });
});
