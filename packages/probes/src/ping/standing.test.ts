import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { StandingPings } from './standing.ts';

const address = '127.0.0.1';
const folder = mkdtempSync(join(tmpdir(), 'tongtang-ping-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that notes that it was started, prints the lines, and goes on. */
function printing(name: string, lines: readonly string[], goesOn = true): string {
  const program = join(folder, name);
  const text = lines.map((line) => `echo '${line}'`).join('\n');
  writeFileSync(
    program,
    `#!/bin/sh\necho x >> ${program}.starts\n${text}\n${goesOn ? 'exec sleep 60' : ''}\n`,
  );
  chmodSync(program, 0o755);
  return program;
}

/** How often a program of {@link printing} was started. */
function starts(program: string): number {
  const notes = `${program}.starts`;
  return existsSync(notes) ? readFileSync(notes, 'utf8').length / 2 : 0;
}

const reply = (sequence: number, ms: number) =>
  `64 bytes from 127.0.0.1: icmp_seq=${sequence} ttl=64 time=${ms} ms`;

/** Lets runs follow closely until the program has been started and has had time to speak. */
async function started(pings: StandingPings): Promise<void> {
  expect(pings.take(address)).toBeUndefined();
  expect(pings.take(address)).toBeUndefined();
  await wait(400);
}

describe('a ping that goes on from run to run', () => {
  it('measures with the ping of this machine', async () => {
    const pings = new StandingPings();
    await started(pings);
    expect(pings.take(address)).toMatchObject({ sent: 1, rttsMs: [expect.any(Number)] });
    pings.stop(address);
  });

  it('is not started where runs are far apart', async () => {
    const program = printing('far', [reply(1, 1)]);
    const pings = new StandingPings(program);
    for (const atMs of [0, 30_000, 60_000]) expect(pings.take(address, atMs)).toBeUndefined();
    await wait(300);
    expect(starts(program)).toBe(0);
    pings.stop(address);
  });

  it('counts each packet once: answered, unanswered, undeliverable, or still under way', async () => {
    const lines = [
      reply(1, 0.5),
      'no answer yet for icmp_seq=2',
      reply(3, 0.7),
      'From 10.0.0.1 icmp_seq=4 Destination Host Unreachable',
      reply(2, 2600),
    ];
    const pings = new StandingPings(printing('counts', lines));
    await started(pings);
    expect(pings.take(address)).toEqual({ sent: 4, rttsMs: [0.5, 0.7, 2600], undeliverable: 1 });
    pings.stop(address);
  });

  it('that has nothing new to say leaves the run to another, and is not started again soon', async () => {
    const program = printing('mute', [], false);
    const pings = new StandingPings(program);
    await started(pings);
    for (const atMs of [1_000_000, 1_010_000, 1_020_000]) expect(pings.take(address, atMs)).toBeUndefined();
    await wait(300);
    expect(starts(program)).toBe(1);
    pings.stop(address);
  });

  it('that is missing breaks nothing', async () => {
    const pings = new StandingPings('no-such-program');
    await started(pings);
    expect(pings.take(address)).toBeUndefined();
    pings.stop(address);
  });
});
