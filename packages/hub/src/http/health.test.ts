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
  const answers = await Promise.all(Array.from({ length: 50 }, () => hub.ask('GET', '/readyz')));
  expect(answers.every(({ status, body }) => status === 200 && body.checks.store === 'ok')).toBe(true);
  expect(checked).toBe(1);
  works = false;
  await expect.poll(async () => (await hub.ask('GET', '/readyz')).status, { timeout: 3000 }).toBe(503);
  expect(checked).toBe(2);
});
