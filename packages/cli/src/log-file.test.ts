import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLogFile } from './log-file.ts';

const large = 21 * 2 ** 20;
let folder: string;
let path: string;
const descriptors: number[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  folder = mkdtempSync(join(tmpdir(), 'tongtang-log-'));
  path = join(folder, 'log', 'tongtang.log');
});
afterEach(() => {
  vi.useRealTimers();
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

function open(): number {
  const { descriptor } = openLogFile(path);
  descriptors.push(descriptor);
  return descriptor;
}

/** A process that holds the log as hub and agent do, and writes lines of so many bytes when it is told to. */
function writer(descriptor: number): ChildProcess {
  const program = `process.on('message', (bytes) => {
    require('node:fs').writeSync(2, 'x'.repeat(bytes - 1) + '\\n');
    process.send('written');
  });`;
  return spawn(process.execPath, ['-e', program], { stdio: ['ignore', descriptor, descriptor, 'ipc'] });
}

async function write(child: ChildProcess, bytes: number): Promise<void> {
  child.send(bytes);
  await once(child, 'message');
}

describe('the log file', () => {
  it('becomes the old one when it has grown large, while others write it, and they go on with an empty one', async () => {
    const [hub, agent] = [open()].flatMap((descriptor) => [writer(descriptor), writer(descriptor)]);
    if (hub === undefined || agent === undefined) throw new Error('no writers');
    try {
      await write(hub, 100);
      vi.advanceTimersByTime(60_000);
      expect(existsSync(`${path}.1`)).toBe(false);
      await write(agent, large);
      vi.advanceTimersByTime(60_000);
      expect(statSync(`${path}.1`).size).toBe(large + 100);
      for (const child of [hub, agent]) await write(child, 3);
      expect(readFileSync(path, 'utf8')).toBe('xx\nxx\n');
    } finally {
      for (const child of [hub, agent]) child.kill();
    }
  });

  it('that was large at the last end begins empty', () => {
    closeSync(open());
    descriptors.pop();
    writeFileSync(path, Buffer.alloc(large, 'x'));
    open();
    expect(statSync(path).size).toBe(0);
    expect(statSync(`${path}.1`).size).toBe(large);
  });

  it('goes on as it is where the old one cannot be written', () => {
    open();
    mkdirSync(`${path}.1`);
    writeFileSync(path, Buffer.alloc(large, 'x'));
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).size).toBe(large);
    rmSync(`${path}.1`, { recursive: true });
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).size).toBe(0);
  });
});
