import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ranAgainst } from './components.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** An InfluxDB 1.x of Debian's, on loopback, in a temporary folder of its own. */
export type Influxd = Readonly<{
  /** `http://127.0.0.1:<port>`, without a database. */
  url: string;
  /** All that it keeps is here, and what goes with it may be. */
  folder: string;
  /** Ends it in good order and removes its folder. */
  stop(): Promise<void>;
  /** Ends it at once; its folder stays. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and folder. */
  startAgain(): Promise<void>;
}>;

type InfluxdOptions = Readonly<{
  auth?: boolean;
  /** Nothing waits for a disk, where the machine has a folder that is none: for tests that write much and kill nothing. */
  inMemory?: boolean;
}>;

const memoryFolder = '/dev/shm';

/**
 * Starts influxd on a free port and waits until it answers.
 * @throws where the Debian package is missing, or it does not answer within 20 s
 */
export async function startInfluxd({
  auth = false,
  inMemory = false,
}: InfluxdOptions = {}): Promise<Influxd> {
  const version = spawnSync('influxd', ['version'], { encoding: 'utf8' });
  if (version.error !== undefined)
    throw new Error(`influxd is needed: apt-get install influxdb (${version.error.message})`);
  ranAgainst(`InfluxDB ${/v(\d+\.\d+\.\d+)/.exec(version.stdout)?.[1] ?? 'of unknown version'}`);
  const home = inMemory && existsSync(memoryFolder) ? memoryFolder : tmpdir();
  const folder = mkdtempSync(join(home, 'tongtang-influxd-'));
  const [port, rpcPort] = [await freePort(), await freePort()];
  const config = join(folder, 'influxdb.conf');
  writeFileSync(config, configuration(folder, port, rpcPort, auth));
  const url = `http://127.0.0.1:${port}`;
  let running = await start(config, url);
  return {
    url,
    folder,
    stop: async () => {
      await end(running, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
    kill9: () => end(running, 'SIGKILL'),
    startAgain: async () => {
      running = await start(config, url);
    },
  };
}

async function start(config: string, url: string): Promise<ChildProcess> {
  const child = spawn('influxd', ['-config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  try {
    await eventually('influxd', async () => {
      if (child.exitCode !== null) throw new Error(said);
      return (await fetch(`${url}/ping`)).status === 204 ? true : undefined;
    });
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
  return child;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const shipped = readFileSync(new URL('../../infra/influxdb/influxdb.conf', import.meta.url), 'utf8');

/** The file that operators get, in other places and on other ports. */
function configuration(folder: string, port: number, rpcPort: number, auth: boolean): string {
  return shipped
    .replaceAll('/var/lib/influxdb', folder)
    .replace('127.0.0.1:8088', `127.0.0.1:${rpcPort}`)
    .replace('127.0.0.1:8086', `127.0.0.1:${port}`)
    .replace('auth-enabled = true', `auth-enabled = ${auth}`);
}
