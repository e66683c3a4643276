import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import { dataFolder, launch, type RunningProcess } from '../services/tongtang.ts';

/** `tongtang start` and its daemons, and somebody at the keyboard. */

const skipped = process.platform !== 'linux' && process.env.CI === undefined;
if (skipped)
  process.stderr.write('ctrl-c.test.ts is skipped: it looks for processes in /proc, as Linux has it\n');

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(): Promise<{ started: RunningProcess; data: string }> {
  const data = dataFolder();
  cleanUp.push(data.remove, () => killAll(data.path));
  const started = launch(['start'], {
    TONGTANG_DATA: data.path,
    TONGTANG_HTTP: `127.0.0.1:${await freePort()}`,
    TONGTANG_MQTT: `127.0.0.1:${await freePort()}`,
    TONGTANG_STAMP: `127.0.0.1:${await freePort()}`,
  });
  return { started, data: data.path };
}

/** Processes that were started with this data folder, of whomever they are children by now. */
function processesOf(data: string): number[] {
  const variable = `TONGTANG_DATA=${data}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const ended = / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return !ended && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable);
      } catch {
        // Somebody else's, or gone meanwhile.
        return false;
      }
    })
    .map(Number);
}

function killAll(data: string): void {
  for (const pid of processesOf(data)) process.kill(pid, 'SIGKILL');
}

const press = (pid: number): void => void process.kill(pid, 'SIGINT');

function ended(pid: number): true | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch {
    return true;
  }
}

describe.skipIf(skipped)('Ctrl-C in tongtang start', () => {
  it('that npm hands on ends hub and agent in order, once', async () => {
    const { started, data } = await start();
    await eventually('it runs', () => started.output().includes('is running') || undefined, 30_000);
    const daemons = processesOf(data).filter((pid) => pid !== started.pid);
    expect(daemons).toHaveLength(2);
    press(started.pid);
    await wait(100);
    if (ended(started.pid) === undefined) press(started.pid);
    await eventually('its end', () => ended(started.pid), 20_000);
    expect(processesOf(data)).toEqual([]);
    const log = readFileSync(`${data}/log/tongtang.log`, 'utf8');
    expect(log.match(/"msg":"stopping"/g)).toHaveLength(2);
    expect(log).not.toContain('did not stop cleanly');
  }, 60_000);

  it('a second time ends at once, a hub that hangs included', async () => {
    const { started, data } = await start();
    await eventually('it runs', () => started.output().includes('is running') || undefined, 30_000);
    for (const pid of processesOf(data)) if (pid !== started.pid) process.kill(pid, 'SIGSTOP');
    press(started.pid);
    await wait(1500);
    expect(processesOf(data)).toHaveLength(3);
    press(started.pid);
    await eventually('its end', () => ended(started.pid), 5000);
    await eventually('the end of all', () => processesOf(data).length === 0 || undefined, 2000, 20);
  }, 60_000);

  it.each([100, 300, 600, 900, 1500])(
    'while it starts, after %i ms, leaves nothing behind',
    async (afterMs) => {
      const { started, data } = await start();
      await wait(afterMs);
      press(started.pid);
      await eventually('its end', () => ended(started.pid), 30_000);
      expect(processesOf(data)).toEqual([]);
    },
    60_000,
  );

  it.each([
    ['the hub', 2],
    ['the agent', 3],
  ])(
    '%s ends whose parent dies before it came to itself',
    async (_, processes) => {
      const { started, data } = await start();
      const begun = () => processesOf(data).length === processes || undefined;
      await eventually('its process', begun, 30_000, 5);
      await started.kill9();
      await eventually('the end of all', () => processesOf(data).length === 0 || undefined, 20_000);
    },
    60_000,
  );
});
