import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ranAgainst } from './components.ts';

/** Types as snmpd.conf(5) names them under `pass`. */
export type ServedType = 'integer' | 'gauge' | 'counter' | 'string';
/** By OID. */
export type ServedValues = Readonly<Record<string, readonly [type: ServedType, value: string | number]>>;

export type RunningSnmpd = Readonly<{
  port: number;
  /** From the next request on these are its values. */
  serve: (values: ServedValues) => void;
  stop: () => Promise<void>;
}>;

/**
 * Starts Debian's snmpd on loopback as a receiver with values of our own under one OID.
 * @param lines who may ask, as snmpd.conf has it (`rocommunity public`, `createUser …`)
 * @throws where it is not installed or does not start
 */
export async function startSnmpd(under: string, lines: readonly string[]): Promise<RunningSnmpd> {
  const port = await freeUdpPort();
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-snmpd-'));
  const values = join(folder, 'values.json');
  const serve = (served: ServedValues) =>
    writeFileSync(
      values,
      JSON.stringify(Object.entries(served).map(([oid, [type, value]]) => [oid, type, value])),
    );
  serve({});
  const program = join(import.meta.dirname, 'snmpd-values.child.ts');
  const config = join(folder, 'snmpd.conf');
  writeFileSync(
    config,
    [
      `agentAddress udp:127.0.0.1:${port}`,
      ...lines,
      `pass_persist .${under} ${process.execPath} ${program} ${values}`,
      '',
    ].join('\n'),
  );
  // Debian puts it where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin`, SNMP_PERSISTENT_DIR: folder };
  const child = spawn('snmpd', ['-f', '-Le', '-C', '-c', config, '-p', join(folder, 'pid')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const ended = once(child, 'exit').catch((error: unknown) => {
    output += String(error);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !output.includes('NET-SNMP version'); tries += 1) {
    if (child.exitCode !== null || child.pid === undefined || tries > 200) {
      await stop();
      throw new Error(`snmpd does not start (apt-get install snmpd): ${output}`);
    }
    await wait(50);
  }
  ranAgainst(`snmpd ${/NET-SNMP version (\S+)/.exec(output)?.[1] ?? ''}`);
  return { port, serve, stop };
}

/** A UDP port on loopback that is free now. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
