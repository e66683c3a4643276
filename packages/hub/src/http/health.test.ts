import { afterEach, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
afterEach(() => hub.stop());

it('many who ask whether the hub is ready cost one check a second, and hear of a change after it', async () => {
  let checked = 0;
  let works = true;
  const store = async (): Promise<void> => {
    checked += 1;
    if (!works) throw new Error('away on purpose');
  };
  hub = await startFixture({}, { checks: { store } });
  const start = performance.now();
  const answers = await Promise.all(Array.from({ length: 50 }, () => hub.ask('GET', '/readyz')));
  expect(answers.every(({ status, body }) => status === 200 && body.checks.store === 'ok')).toBe(true);
  works = false;
  await expect.poll(async () => (await hub.ask('GET', '/readyz')).status, { timeout: 10_000 }).toBe(503);
  // A busy machine may take seconds for all of it.
  expect(checked).toBeLessThanOrEqual(2 + (performance.now() - start) / 1000);
});
