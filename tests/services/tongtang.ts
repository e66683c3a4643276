import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** Starts our own processes as an operator would: by the command line, with settings from the environment. */

const command = resolve(import.meta.dirname, '../../packages/cli/bin/tongtang.js');

export const adminToken = 'a-token-for-tests-only';

/** For a hub whose agents measure much: one that saves bytes sends its past more slowly, the more of the day is left. */
export const ampleBytes = { TONGTANG_BYTES_PER_DAY: '1000000000' } as const;

export type RunningProcess = Readonly<{
  pid: number;
  /** What it has said so far on standard output and standard error. */
  output: () => string;
  /** Asks it to stop. @returns its exit code */
  stop: () => Promise<number | null>;
  kill9: () => Promise<void>;
}>;

/** A new folder for data, removed with `remove()`. */
export function dataFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tongtang-data-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs `tongtang <words>` until it ends. */
export async function tongtang(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input: string | Buffer = '',
): Promise<{ code: number | null; output: string; stdout: string }> {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...bareEnvironment(), ...environment },
  });
  let output = '';
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output, stdout };
}

/** A command line that runs another one elsewhere, in the same process: in a network namespace, say. */
export type Elsewhere = (words: readonly string[]) => readonly string[];

/** Starts `tongtang <words>` and leaves it running. */
export function launch(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  elsewhere?: Elsewhere,
): RunningProcess {
  return runProgram(command, words, environment, elsewhere);
}

/** Starts a program of ours and leaves it running. */
export function runProgram(
  file: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  elsewhere: Elsewhere = (line) => line,
): RunningProcess {
  const [program = '', ...rest] = elsewhere([process.execPath, file, ...words]);
  const child = spawn(program, rest, {
    env: { ...bareEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  if (child.pid === undefined) throw new Error(`${file} ${words.join(' ')} did not start`);
  return {
    pid: child.pid,
    output: () => output,
    stop: () => end(child, 'SIGTERM'),
    kill9: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const gone = new Promise<number | null>((done) => child.once('exit', done));
  child.kill(signal);
  return gone;
}

/** The environment without settings that the tests' own caller may have. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TONGTANG_')));
}

export type TestHub = Readonly<{
  url: string;
  environment: Readonly<Record<string, string>>;
  process: () => RunningProcess;
  /** Starts it again on the same data and ports. */
  start: () => Promise<void>;
  /** GET, as admin. */
  get: (path: string) => Promise<unknown>;
  post: (path: string, body: unknown) => Promise<unknown>;
}>;

/**
 * A hub on free ports, ready to serve.
 * @param address of this machine where it serves console and STAMP
 * @param elsewhere where it runs
 */
export async function startTestHub(
  data: string,
  settings: Readonly<Record<string, string>> = {},
  address = '127.0.0.1',
  elsewhere?: Elsewhere,
): Promise<TestHub> {
  const [http, mqtt, stamp] = [await freePort(), await freePort(), await freePort()];
  const url = `http://${address}:${http}`;
  const environment = {
    TONGTANG_DATA: data,
    TONGTANG_HTTP: `${address}:${http}`,
    TONGTANG_MQTT: `127.0.0.1:${mqtt}`,
    TONGTANG_STAMP: `${address}:${stamp}`,
    TONGTANG_ADMIN_TOKEN: adminToken,
    ...settings,
  };
  let running: RunningProcess | undefined;
  const start = async (): Promise<void> => {
    const started = launch(['hub'], environment, elsewhere);
    running = started;
    await eventually(
      'hub ready',
      async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined),
      60_000,
    ).catch(async (error: unknown) => {
      await started.kill9();
      throw new Error(`${String(error)}\n${started.output()}`);
    });
  };
  await start();
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    url,
    environment,
    process: () => {
      if (running === undefined) throw new Error('the hub was never started');
      return running;
    },
    start,
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}
