import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

export type MuteListener = Readonly<{ port: number; stop: () => Promise<void> }>;

/**
 * A port on loopback that answers no SYN, like a host behind a dead link: its process never accepts, and its short
 * queue is filled by two connections of ours.
 */
export async function startMuteListener(): Promise<MuteListener> {
  const child = spawn(process.execPath, ['--eval', muteProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  const filling: Socket[] = [];
  for (let count = 0; count < 2; count += 1) {
    const socket = createConnection({ host: '127.0.0.1', port });
    filling.push(socket);
    await once(socket, 'connect');
  }
  const stop = async () => {
    for (const socket of filling) socket.on('error', () => socket.destroy()).destroy();
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return { port, stop };
}

const muteProgram = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
