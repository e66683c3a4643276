import { spawn } from 'node:child_process';

/** From the polite end to the certain one. Milliseconds. */
const killMs = 500;
/** Far more than any program of ours prints; one that goes beyond it is ended. */
const longestOutput = 64 * 1024;

/** What was printed; the errors are in English wherever `LC_ALL` counts. */
export type Printed = Readonly<{ output: string; errors: string }>;

/**
 * What a program prints, read as Latin-1: parsers need ASCII only, and the code page is anyone's guess. On abort the
 * program is asked to end, then made to; what it printed until then is kept.
 * @param politely the signal that asks it to end
 * @throws (rejects) where it cannot be started, with the system's code
 */
export async function outputOf(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  politely: NodeJS.Signals,
): Promise<Printed> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    windowsHide: true,
  });
  let kill: NodeJS.Timeout | undefined;
  // Liveness: nothing survives the kill, and what the program has started itself does not hold up its pipes.
  const end = () => {
    child.kill(politely);
    kill ??= setTimeout(() => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    }, killMs);
  };
  const printed = { output: '', errors: '' };
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    if (printed.output.length < longestOutput) printed.output += text;
    else end();
  });
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    if (printed.errors.length < longestOutput) printed.errors += text;
    else end();
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('close', () => resolve());
      child.once('error', reject);
    });
  } finally {
    clearTimeout(kill);
    signal.removeEventListener('abort', end);
  }
  return printed;
}
