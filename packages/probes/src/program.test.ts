import { describe, expect, it } from 'vitest';
import { outputOf } from './program.ts';

describe('a program', () => {
  it('that ignores the polite end is killed, and what it printed is kept', async () => {
    const start = performance.now();
    const stubborn = `trap '' INT; echo ready; while :; do sleep 0.1; done`;
    const printed = await outputOf('sh', ['-c', stubborn], AbortSignal.timeout(300), 'SIGINT');
    expect(printed.output).toBe('ready\n');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('that leaves a child behind with its output is not waited for', async () => {
    const start = performance.now();
    await outputOf('sh', ['-c', 'sleep 20 & exit 0'], AbortSignal.timeout(300), 'SIGTERM');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('that prints without end is ended', async () => {
    const printed = await outputOf('yes', [], new AbortController().signal, 'SIGTERM');
    expect(printed.output.length).toBeLessThan(256 * 1024);
  });

  it('that is missing is said so', async () => {
    const missing = outputOf('/no-such-program', [], AbortSignal.timeout(1000), 'SIGTERM');
    await expect(missing).rejects.toThrow('ENOENT');
  });

  it('speaks English', async () => {
    const printed = await outputOf('sh', ['-c', 'echo $LC_ALL'], AbortSignal.timeout(5000), 'SIGTERM');
    expect(printed.output).toBe('C\n');
  });
});
