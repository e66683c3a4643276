import { type Daemon, startDaemon } from './daemon.ts';
import { takeEndSignals } from './end-signals.ts';
import { Refusal } from './refusal.ts';

/** Starts `tongtang <words>` as a daemon; resolves when it is ready. */
export type Start = (...words: string[]) => Promise<void>;

/**
 * Runs daemons together until somebody wants them to end; a second Ctrl-C ends them at once.
 * @param startAll starts them in order, and says what is to be told when all run; they end in the opposite order
 * @throws Refusal where one cannot start
 */
export async function runDaemons(
  options: Readonly<{ environment: NodeJS.ProcessEnv; logTo: number }>,
  startAll: (start: Start) => Promise<string>,
): Promise<void> {
  const signals = takeEndSignals();
  const running: Daemon[] = [];
  let ending = false;
  const start: Start = async (...words) => {
    if (ending) throw new Refusal('stopped while it started');
    const daemon = startDaemon(words, options);
    // Those that send first when it ends, so that their last samples still find a hub.
    running.unshift(daemon);
    await daemon.ready;
  };
  void signals.insisted.then(() => {
    for (const daemon of running) daemon.kill();
    process.exit(1);
  });
  const tell = async (): Promise<void> => {
    const text = await startAll(start);
    if (!ending) process.stdout.write(text);
  };
  try {
    await Promise.race([tell(), signals.asked]);
    await signals.asked;
    process.stdout.write('\nStopping … (Ctrl-C again: at once)\n');
  } finally {
    ending = true;
    for (const daemon of running) await daemon.stop();
  }
}
