/** Waits for something real to become so, looking every 10 ms. @throws when it did not in time */
export async function eventually<T>(
  look: () => T | undefined | false,
  what: string,
  withinMs = 8000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > until) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
