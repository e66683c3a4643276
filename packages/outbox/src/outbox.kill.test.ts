import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { openOutbox } from './sqlite-outbox.ts';

const child = join(import.meta.dirname, 'appending.child.ts');
const rounds = 6;

/** Runs the child until it has said so many lines, then kills it in the middle of whatever it does. */
async function appendUntilKilled(path: string, firstValue: number, lines: number): Promise<string[]> {
  const process_ = spawn(process.execPath, [child, path, 'boot-1', String(firstValue)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const reader = createInterface({ input: process_.stdout });
  reader.on('line', (line) => {
    said.push(line);
    if (said.length === lines) process_.kill('SIGKILL');
  });
  // Its lock on the file may outlive its standard output.
  await Promise.all([once(reader, 'close'), once(process_, 'exit')]);
  return said;
}

describe('kill -9', () => {
  it('takes nothing that append returned, at whatever moment it comes', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tongtang-outbox-')), 'outbox.db');
    const kept = new Map<number, number>();
    let committedTo = 0;
    let id: string | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const said = await appendUntilKilled(path, round * 1_000_000, 150 + Math.floor(Math.random() * 300));
      for (const line of said) {
        const [word = '', first, last, value] = line.split(' ');
        if (word === 'commit') {
          committedTo = Math.max(committedTo, Number(first));
          continue;
        }
        id ??= word;
        expect(word).toBe(id);
        for (let number = Number(first); number <= Number(last); number += 1)
          kept.set(number, Number(value) + number - Number(first));
      }
      const outbox = openOutbox({ path, boot: 'boot-1', log: createLog('error') });
      const found = new Map<number, number>();
      for (;;) {
        const claim = outbox.takeOldest({ samples: 500, bytes: 1e6 });
        if (claim === undefined) break;
        for (const [index, line] of claim.lines.entries())
          found.set(claim.from + index, Number(/rtt_ms=(\d+)/.exec(line)?.[1]));
      }
      const owed = [...kept].filter(([number]) => number > committedTo);
      expect(owed.length).toBeGreaterThan(0);
      expect(owed.filter(([number, value]) => found.get(number) !== value)).toEqual([]);
      // What was written but not yet said comes in whole appends, and after all that was said.
      const unsaid = outbox.stats().lastSequence - Math.max(...kept.keys());
      expect(unsaid).toBeGreaterThanOrEqual(0);
      expect(unsaid % 3).toBe(0);
      outbox.close();
      // What was written but not said is known from now on.
      for (const [number, value] of found) kept.set(number, value);
    }
  });
});
