import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import type { OutboxStats } from './outbox.ts';
import { openOutbox } from './sqlite-outbox.ts';

/** Runs in a folder on a disk of one megabyte that is all its own, and says what it saw as JSON. */
const folder = process.argv[2] ?? '';
const log = createLog('error').child({}, { level: 'silent' });
const path = join(folder, 'outbox.db');
const outbox = openOutbox({
  path,
  boot: 'boot-1',
  log,
  limits: { waitingSamples: 100 },
});
let value = 0;

function append(): boolean {
  value += 1;
  const line = `ping rtt_ms=${value},error="${'0123456789abcdef'.repeat(4)}${Math.random()}"`;
  return outbox.append([{ line, time: 1_790_000_000 }]) !== undefined;
}

function fillDisk(): string {
  const filler = join(folder, 'filler');
  for (let size = 1024 * 1024; size >= 512; size = Math.floor(size / 2))
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for this size: the smaller ones find what is left.
    }
  return filler;
}

function statsIn(file: string): OutboxStats {
  const next = openOutbox({ path: file, boot: 'boot-1', log });
  const stats = next.stats();
  next.close();
  return stats;
}

// A disk that fills up while the hub is away.
const filler = fillDisk();
let keptWhileFull = 0;
for (let n = 0; n < 3000; n += 1) if (append()) keptWhileFull += 1;
const whileFull = outbox.stats();
rmSync(filler);
const madeWhileFull = value;
const works = append();
const afterwards = outbox.stats();

// A disk that fills up while the hub commits: once the log has its size, nothing grows.
for (let n = 0; n < 1500; n += 1) {
  append();
  outbox.commit(outbox.stats().id, [[1, outbox.stats().lastSequence]]);
}
fillDisk();
let refused = 0;
for (let n = 0; n < 3000; n += 1) {
  if (!append()) refused += 1;
  outbox.commit(outbox.stats().id, [[1, outbox.stats().lastSequence]]);
}
const atTheEnd = outbox.stats();

// A disk that is full when the agent is stopped or killed: what waits then is lost, and its count is not.
let lost = 0;
while (lost < 300) if (!append()) lost += 1;
const elsewhere = join(mkdtempSync(join(tmpdir(), 'tongtang-killed-')), 'outbox.db');
for (const suffix of ['', '-wal', '-least']) copyFileSync(path + suffix, elsewhere + suffix);
const killed = statsIn(elsewhere);
outbox.close();
const closed = outbox.stats();
const openedAgain = statsIn(path);

// The next boot has to write before it can begin: for as long as there is no room, nothing of what is there is given up.
const next = openOutbox({ path, boot: 'boot-2', log });
for (let n = 0; n < 30; n += 1) next.append([{ line: 'ping rtt_ms=1', time: 1_790_000_000 }]);
next.close();
const setAside = readdirSync(folder).filter((name) => name.includes('damaged'));
process.stdout.write(
  JSON.stringify({
    value,
    keptWhileFull,
    madeWhileFull,
    whileFull,
    works,
    afterwards,
    refused,
    atTheEnd,
    killed,
    closed,
    openedAgain,
    setAside,
  }),
);
