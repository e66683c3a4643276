import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LatestValue } from '../live/live.ts';
import { nowS, startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
let first: string;
let second: string;
beforeEach(async () => {
  hub = await startFixture();
  [first, second] = [hub.enrol(), hub.enrol()];
});
afterEach(() => hub.stop());

const samples: LatestValue[] = [
  { measurement: 'ping', tags: { link: 'lan' }, time: nowS, fields: { rtt_ms: 1 } },
];
const presentOf = (id: string) => ({
  id,
  place: { county: 'local', school: 'school', classroom: 'room-1', agent: id },
  state: 'online' as const,
  links: [],
});

/** An open stream, and what has arrived on it as text. */
async function listen(query: string) {
  const response = await fetch(`${hub.address}/api/v1/live${query}`, {
    headers: { authorization: `Bearer ${hub.tokens.technician}` },
  });
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })();
  return { response, ended, text: () => text };
}

function tellAll(): void {
  for (const id of [first, second]) {
    hub.fleet.tell({ type: 'agent', agent: presentOf(id) });
    hub.fleet.tell({ type: 'samples', agent: id, samples });
  }
}

describe('live events', () => {
  it('without a choice tell of every agent, and carry no samples', async () => {
    const stream = await listen('?agents=');
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('x-content-type-options')).toBe('nosniff');
    tellAll();
    const event = (id: string) =>
      `event: agent\ndata: ${JSON.stringify({ type: 'agent', agent: presentOf(id) })}\n\n`;
    await expect.poll(stream.text).toBe(`retry: 3000\n\n${event(first)}${event(second)}`);
    expect(hub.fleet.watched).toEqual([]);
  });

  it('tell everybody of an incident, whatever they chose', async () => {
    const [all, chosen] = [await listen(''), await listen(`?agents=${second}`)];
    hub.fleet.tell({ type: 'incident', id: 'tb8z-no1' });
    const event = `event: incident\ndata: ${JSON.stringify({ type: 'incident', id: 'tb8z-no1' })}\n\n`;
    for (const stream of [all, chosen]) await expect.poll(stream.text).toContain(event);
  });

  it('of chosen agents carry their samples, and ask them to send often', async () => {
    const stream = await listen(`?agents=${second}`);
    tellAll();
    await expect.poll(stream.text).toContain('event: samples');
    expect(stream.text()).toContain(JSON.stringify({ type: 'samples', agent: second, samples }));
    expect(stream.text()).not.toContain(first);
    expect(hub.fleet.watched).toEqual([{ agents: [second], user: 'a-technician' }]);
  });

  it('of a classroom are those of whoever lives there', async () => {
    const stream = await listen('?classroom=local/school/room-1');
    hub.fleet.tell({ type: 'samples', agent: first, samples });
    hub.fleet.tell({ type: 'samples', agent: 'a-elsewhere', samples });
    await expect.poll(stream.text).toContain(first);
    expect(stream.text()).not.toContain('a-elsewhere');
    const watched = hub.fleet.watched.map(({ agents, user }) => ({ agents: agents.toSorted(), user }));
    expect(watched).toEqual([{ agents: [first, second].sort(), user: 'a-technician' }]);
  });

  it('are no longer listened for when the page is closed', async () => {
    const stream = await fetch(`${hub.address}/api/v1/live`, {
      headers: { authorization: `Bearer ${hub.tokens.technician}` },
    });
    await expect.poll(() => hub.fleet.listeners()).toBe(1);
    await stream.body?.cancel();
    await expect.poll(() => hub.fleet.listeners()).toBe(0);
  });

  it.each([
    ['who was removed', () => hub.registry.removeUser('a-technician', 'test')],
    ['who was given another role', () => hub.registry.changeRole('a-technician', 'bureau', 'test')],
    [
      'whose token was removed',
      () => {
        for (const { id } of hub.registry.tokens('a-technician'))
          hub.registry.removeToken('a-technician', id, 'test');
      },
    ],
  ])('end at once for somebody %s', async (_, change) => {
    const stream = await listen('');
    change();
    tellAll();
    await stream.ended;
    expect(stream.text()).toBe('retry: 3000\n\n');
    expect(hub.fleet.listeners()).toBe(0);
  });

  it('say every 15 s that they are still there', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      const stream = await listen('');
      vi.advanceTimersByTime(15_000);
      await expect.poll(stream.text).toContain(': still here');
    } finally {
      vi.useRealTimers();
    }
  });

  it('end when the hub stops', async () => {
    const other = await startFixture();
    const response = await fetch(`${other.address}/api/v1/live`, {
      headers: { authorization: `Bearer ${other.tokens.admin}` },
    });
    const [text] = await Promise.all([response.text(), other.stop()]);
    expect(text).toBe('retry: 3000\n\n');
  });
});
