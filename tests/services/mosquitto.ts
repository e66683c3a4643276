import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './answers.ts';
import { ranAgainst } from './components.ts';
import { freePort } from './free-port.ts';

export type MosquittoConfig = Readonly<{
  /** A free one where absent; give it to start again where agents already look. */
  port?: number;
  /** Without it and without users anyone may connect and do anything. */
  passwordFile?: string;
  /** Passwords by user, in place of a password file. */
  users?: Readonly<Record<string, string>>;
  aclFile?: string;
  /** Further lines of mosquitto.conf. */
  lines?: readonly string[];
  /** A file of a listener and who may do what there, in place of the above but for its port and the further lines. */
  file?: string;
}>;

export type RunningMosquitto = Readonly<{
  port: number;
  stop(): Promise<void>;
  /** Ends it without a chance to say goodbye. */
  kill9(): Promise<void>;
  /** Reads password file and access list again. */
  reload(): void;
  /** What it has printed so far. */
  output(): string;
}>;

/**
 * Starts Debian's Mosquitto on loopback, with nothing kept on disk.
 * @throws where it is not installed or does not start
 */
export async function startMosquitto(config: MosquittoConfig = {}): Promise<RunningMosquitto> {
  const port = config.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'tongtang-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  // Debian puts it where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  const passwordFile = config.passwordFile ?? (config.users && join(folder, 'passwords'));
  if (config.users !== undefined && passwordFile !== undefined) {
    await writeFile(passwordFile, '', { mode: 0o600 });
    for (const [user, password] of Object.entries(config.users))
      execFileSync('mosquitto_passwd', ['-b', passwordFile, user, password], { env });
  }
  await writeFile(file, configText(port, { ...config, ...(passwordFile !== undefined && { passwordFile }) }));
  // As root it would change to the user mosquitto, who may not read these files.
  const child = spawn('mosquitto', ['-c', file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const note = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = once(child, 'exit').catch((error: unknown) => {
    output += String(error);
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (child.exitCode !== null || child.pid === undefined || tries > 100) {
      await end('SIGKILL');
      throw new Error(`mosquitto does not start (apt-get install mosquitto): ${output}`);
    }
    await wait(50);
  }
  ranAgainst(`Mosquitto ${/version (\S+)/.exec(output)?.[1] ?? ''}`);
  return {
    port,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    reload: () => {
      child.kill('SIGHUP');
    },
    output: () => output,
  };
}

function configText(port: number, { passwordFile, aclFile, file, lines = [] }: MosquittoConfig): string {
  const own = [
    `listener ${port} 127.0.0.1`,
    `allow_anonymous ${passwordFile === undefined}`,
    ...(passwordFile === undefined ? [] : [`password_file ${passwordFile}`]),
    ...(aclFile === undefined ? [] : [`acl_file ${aclFile}`]),
  ];
  return [
    ...(file === undefined ? own : [file.replace(/^listener .*$/m, `listener ${port} 127.0.0.1`)]),
    'persistence false',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...lines,
    '',
  ].join('\n');
}
