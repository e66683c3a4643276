/** A press of Ctrl-C in `npm start` or `npm run demo` comes twice: from the terminal, and from npm, which hands it on. */
const onePressMs = 1000;

/** When somebody wants this process to end, and when he does not want to wait for it any longer. */
export type EndSignals = Readonly<{ asked: Promise<void>; insisted: Promise<void> }>;

/** Takes Ctrl-C and the termination signal from now on; neither ends the process by itself any more. */
export function takeEndSignals(): EndSignals {
  const asked = Promise.withResolvers<void>();
  const insisted = Promise.withResolvers<void>();
  let askedMs: number | undefined;
  const hear = (): void => {
    const nowMs = performance.now();
    askedMs ??= nowMs;
    asked.resolve();
    if (nowMs - askedMs >= onePressMs) insisted.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear);
  if (['start', 'demo'].includes(process.env.npm_lifecycle_event ?? '')) watchParent(hear);
  return { asked: asked.promise, insisted: insisted.promise };
}

/** npm ends the shell that it runs a script in and not what runs in the shell, which is left to process 1. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, 1000).unref();
}
