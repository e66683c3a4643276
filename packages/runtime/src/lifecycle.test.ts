import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { stopAll } from './lifecycle.ts';
import { createLog } from './log.ts';

it('a part that hangs is left behind with its name in the log, and those after it stop', async () => {
  const said: unknown[] = [];
  const log = createLog('error').child({}, { level: 'silent' });
  log.error = (entry: unknown) => void said.push(entry);
  const stopped: string[] = [];
  await stopAll(
    [
      { name: 'broker', stop: () => new Promise(() => {}) },
      { name: 'failing', stop: () => Promise.reject(new Error('on purpose')) },
      { name: 'store', stop: () => void stopped.push('store') },
    ],
    log,
    50,
  );
  expect(stopped).toEqual(['store']);
  expect(said).toEqual([
    { part: 'broker', error: 'not within 50 ms' },
    { part: 'failing', error: 'on purpose' },
  ]);
});

it('a daemon whose part was left behind ends all the same', async () => {
  const url = (name: string) => pathToFileURL(`${import.meta.dirname}/${name}`).href;
  const program = `
    const { runDaemon, stopAll } = await import('${url('lifecycle.ts')}');
    const { createLog } = await import('${url('log.ts')}');
    const log = createLog('info');
    const hanging = [{ name: 'hanging', stop: () => new Promise(() => setInterval(() => {}, 1000)) }];
    process.exitCode = await runDaemon(log, async () => ({ stop: () => stopAll(hanging, log, 100) }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.disconnect();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 20_000);
