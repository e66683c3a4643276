import { describe, expect, it } from 'vitest';
import { openPersistence } from './retained.ts';

const topicOf = (agent: number) => `tongtang/v1/c1/s1/a${agent}/config`;

async function topicsFor(filters: readonly string[], agents = 3): Promise<unknown[]> {
  const persistence = openPersistence();
  for (let agent = 0; agent < agents; agent += 1)
    await persistence.storeRetained({ topic: topicOf(agent), payload: 'x' });
  await persistence.storeRetained({ topic: topicOf(1), payload: '' });
  return (await persistence.createRetainedStreamCombi(filters).toArray()).map(({ topic }) => topic);
}

describe('retained messages', () => {
  it('are found by their topic and by filters, and are gone when an empty one took their place', async () => {
    expect(await topicsFor([topicOf(0), topicOf(1), 'elsewhere'])).toEqual([topicOf(0)]);
    expect(await topicsFor(['tongtang/v1/c1/+/+/config'])).toEqual([topicOf(0), topicOf(2)]);
    expect(await topicsFor(['#'])).toEqual([topicOf(0), topicOf(2)]);
  });

  it('of one agent are found as fast among thousands: a county that comes back is one agent after another', async () => {
    const persistence = openPersistence();
    const agents = 10_000;
    for (let agent = 0; agent < agents; agent += 1)
      await persistence.storeRetained({ topic: topicOf(agent), payload: 'x' });
    const start = process.cpuUsage();
    for (let agent = 0; agent < agents; agent += 1)
      await persistence.createRetainedStreamCombi([topicOf(agent)]).toArray();
    const { user, system } = process.cpuUsage(start);
    // Half a second; comparing each with each takes minutes.
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
