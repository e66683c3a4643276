import { eventually } from './eventually.ts';
import type { RunningProcess } from './tongtang.ts';

/** V8 gives its pages back in the background, and some only the next time. */
const times = 3;
const betweenMs = 500;

/**
 * Has a process of ours collect its garbage, so that its memory is what it holds. Over the inspector of its Node, which SIGUSR1 opens on
 * loopback and which stays open then; started with `--inspect-port=0` it takes a port that is free.
 * @returns what its JavaScript holds, MiB
 */
export async function collectGarbage({ pid, output }: RunningProcess): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const inspector = await eventually(
    `the inspector of process ${pid} is open`,
    async () => /Debugger listening on (ws:\S+)/.exec(output())?.[1],
  );
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')), {
      once: true,
    });
  });
  for (let time = 0; time < times; time += 1) {
    await ask(socket, 'HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
  const usage = await ask(socket, 'Runtime.getHeapUsage');
  socket.close();
  return JSON.parse(usage).result.usedSize / 2 ** 20;
}

/** One question at a time: the next message is its answer. */
function ask(socket: WebSocket, method: string): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
    socket.addEventListener('close', () => reject(new Error('the process has ended')), { once: true });
  });
  socket.send(JSON.stringify({ id: 1, method }));
  return answer;
}
