import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Fields } from '@tongtang/model/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassroomNetwork } from '../services/classroom-network.ts';
import { ranAgainst } from '../services/components.ts';
import { adminToken, dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';

/** A real hub, and a classroom in a network of its own whose cable is as slow as the test wants it. */

const obstacle = ClassroomNetwork.obstacle();
const skipped = obstacle !== undefined && process.env.CI === undefined;
if (skipped) process.stderr.write(`slow-path.test.ts is skipped: ${obstacle}\n`);

const command = join(import.meta.dirname, '../../packages/cli/bin/tongtang.js');
const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe.skipIf(skipped)('over a path of known rate', () => {
  let hub: TestHub;
  let room: ClassroomNetwork;
  beforeAll(async () => {
    room = ClassroomNetwork.lay(0);
    cleanUp.push(() => room.remove());
    ranAgainst('Linux tc-tbf');
    const data = dataFolder();
    cleanUp.push(data.remove);
    hub = await startTestHub(data.path, {}, room.gateway);
    cleanUp.push(() => hub.process().stop());
  });

  /** Runs the probe in the classroom, by the command line. @param heard is given what it says of its progress */
  async function probe(
    heard: (words: string) => void = () => {},
  ): Promise<{ fields: Fields; progress: string }> {
    const target = `${hub.url.replace('http', 'ws')}/?access_token=${adminToken}`;
    const words = [process.execPath, command, 'agent', 'probe', 'throughput', '--target', target, '--json'];
    const [program = '', ...rest] = room.within(words);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [said, progress] = ['', ''];
    child.stdout.on('data', (part) => {
      said += String(part);
    });
    child.stderr.on('data', (part) => {
      progress += String(part);
      heard(String(part));
    });
    await once(child, 'close');
    const { fields }: { fields: Fields } = JSON.parse(said);
    return { fields, progress };
  }

  it.each([
    { down: 20_000_000, up: 4_000_000, queueMs: 100 },
    // What a badly kept line has: a second of queue.
    { down: 2_000_000, up: 500_000, queueMs: 1000 },
  ])(
    'measures both ways within 10 % of $down and $up bit/s',
    async ({ down, up, queueMs }) => {
      room.slowDown({ down, up }, queueMs);
      const { fields, progress } = await probe();
      expect(fields).toMatchObject({ ok: true });
      // tbf counts the headers of Ethernet, IP and TCP as well: 66 of 1514 octets.
      expect(Number(fields.download_bit_s) / down).toBeGreaterThan(0.9);
      expect(Number(fields.download_bit_s) / down).toBeLessThan(1);
      expect(Number(fields.upload_bit_s) / up).toBeGreaterThan(0.9);
      expect(Number(fields.upload_bit_s) / up).toBeLessThan(1);
      expect(fields).not.toHaveProperty('download_cut_short');
      expect(fields).not.toHaveProperty('upload_cut_short');
      // A second in which the machine was held up has no line of its own.
      expect(progress.match(/^download \d+ s, [\d.]+ Mbit\/s$/gm)?.length).toBeGreaterThan(4);
      expect(progress.match(/^upload \d+ s, [\d.]+ Mbit\/s$/gm)?.length).toBeGreaterThan(4);
    },
    60_000,
  );

  it('keeps the rate until the link was cut, and blames the path for what could not follow', async () => {
    const rate = 8_000_000;
    room.slowDown({ down: rate, up: rate }, 100);
    const { fields } = await probe((words) => {
      if (words.startsWith('download 3 s')) room.cut('both');
    });
    room.mend();
    expect(fields).toMatchObject({
      ok: false,
      failure: 'path',
      error: 'timeout',
      download_cut_short: 'stalled',
    });
    expect(Number(fields.download_bit_s) / rate).toBeGreaterThan(0.85);
    expect(Number(fields.download_bit_s) / rate).toBeLessThan(1);
    expect(Number(fields.download_s)).toBeGreaterThan(2.5);
    expect(Number(fields.download_s)).toBeLessThan(4);
    expect(fields).not.toHaveProperty('upload_bit_s');
  }, 60_000);
});
