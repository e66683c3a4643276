/**
 * Asks again until the answer is there: for what real processes do in their own time.
 * @throws the last reason when the deadline has passed
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 20_000,
  everyMs = 100,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  let reason = 'no answer';
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`${what}: not within ${deadlineMs} ms (${reason})`);
}
