import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Mosquitto on a free port of loopback, with passwords. Debian package: mosquitto. */
export class Mosquitto {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  static async start(users: Readonly<Record<string, string>>): Promise<Mosquitto> {
    const mosquitto = new Mosquitto(await freePort(), users);
    await mosquitto.start();
    return mosquitto;
  }

  private constructor(port: number, users: Readonly<Record<string, string>>) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'tongtang-mosquitto-'));
    const passwords = join(this.#folder, 'passwords');
    writeFileSync(passwords, '', { mode: 0o600 });
    for (const [user, password] of Object.entries(users))
      execFileSync(installed('mosquitto_passwd'), ['-b', passwords, user, password]);
    writeFileSync(
      join(this.#folder, 'mosquitto.conf'),
      `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\nuser root\npersistence false\n`,
    );
  }

  /** Starts it, with nothing remembered; again after `kill`. */
  async start(): Promise<void> {
    this.#process = spawn(installed('mosquitto'), ['-c', join(this.#folder, 'mosquitto.conf')], {
      stdio: 'ignore',
    });
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await answers(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('mosquitto did not start within 5 s');
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    this.#process = undefined;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function installed(binary: string): string {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin']) {
    const path = join(folder, binary);
    try {
      execFileSync('test', ['-x', path]);
      return path;
    } catch {
      // not in this folder
    }
  }
  throw new Error(`${binary} is not installed: apt-get install mosquitto`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
