import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Backoff } from '@tongtang/runtime/backoff';
import { Refusal } from './refusal.ts';

/** A daemon in a process of its own, started again when it dies. */
export type Daemon = Readonly<{
  /** Resolves when it says that it is ready; rejects with a Refusal in its own words where it cannot start. */
  ready: Promise<void>;
  stop: () => Promise<void>;
  /** Ends it at once: what it was about to do is done at its next start. */
  kill: () => void;
}>;

/** Longer than a daemon takes that ends in order. */
const stoppingMs = 20_000;

const main = fileURLToPath(new URL('../bin/tongtang.js', import.meta.url));

/**
 * Starts `tongtang <words>` as a child. One that dies after it was ready is started again, with growing pauses. It stops by
 * itself when this process is gone.
 */
export function startDaemon(
  words: readonly string[],
  options: Readonly<{ environment: NodeJS.ProcessEnv; logTo: number }>,
): Daemon {
  const backoff = new Backoff(1000, 60_000);
  let stopping = false;
  let pause: NodeJS.Timeout | undefined;
  let child = launch(words, options);
  const keepAlive = (): void => {
    child.once('exit', () => {
      if (stopping) return;
      pause = setTimeout(() => {
        child = launch(words, options);
        child.once('message', (message) => {
          if (message === 'ready') backoff.reset();
        });
        keepAlive();
      }, backoff.next());
    });
  };
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    ready: ready(child, words).then(keepAlive),
    stop: async () => {
      stopping = true;
      clearTimeout(pause);
      if (isGone()) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // Asks it to stop, on every system: a signal would end it at once on Windows.
      if (child.connected) child.disconnect();
      const giveUp = setTimeout(() => child.kill('SIGKILL'), stoppingMs);
      await gone;
      clearTimeout(giveUp);
    },
    kill: () => {
      stopping = true;
      clearTimeout(pause);
      child.kill('SIGKILL');
    },
  };
}

function launch(
  words: readonly string[],
  { environment, logTo }: { environment: NodeJS.ProcessEnv; logTo: number },
): ChildProcess {
  return fork(main, words, {
    env: environment,
    stdio: ['ignore', logTo, logTo, 'ipc'],
    // Ctrl-C in the terminal is for the parent, which stops its children in order.
    detached: true,
  });
}

function ready(child: ChildProcess, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      if (message === 'ready') resolve();
      else reject(new Refusal(`tongtang ${words.join(' ')} could not start: ${String(message)}`));
    });
    child.once('exit', (code) =>
      reject(new Refusal(`tongtang ${words.join(' ')} ended with ${code}: see the log`)),
    );
  });
}
