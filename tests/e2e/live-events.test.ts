import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { adminToken, dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';

/** A page that is open when its right to be ends: its event stream ends with it, and nothing more reaches it. */

const data = dataFolder();
const password = 'correct horse battery';
let hub: TestHub;
let agent: HandMadeAgent;
let sent = 0;

beforeAll(async () => {
  hub = await startTestHub(data.path);
  agent = await HandMadeAgent.enrol(hub);
  await agent.connect();
});
afterAll(async () => {
  agent.end();
  await hub.process().stop();
  data.remove();
});

const open: AbortController[] = [];
afterEach(async () => {
  for (const page of open.splice(0)) page.abort();
  const users = await hub.get('/api/v1/users');
  if (JSON.stringify(users).includes('"li"')) await ask('DELETE', '/api/v1/users/li', undefined, admin);
});

const admin = { authorization: `Bearer ${adminToken}` };
const ask = (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>) =>
  fetch(hub.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** A page of li's in a session of its own, that watches the agent. */
async function openPage() {
  const signedIn = await ask('POST', '/api/v1/sign-in', { user: 'li', password }, {});
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const closing = new AbortController();
  open.push(closing);
  const stream = await fetch(`${hub.url}/api/v1/live?agents=${agent.id}`, {
    headers: { cookie },
    signal: closing.signal,
  });
  expect(stream.status).toBe(200);
  let text = '';
  let ended = false;
  void (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString();
    ended = true;
  })().catch(() => {});
  const page = { cookie, text: () => text, ended: () => ended || undefined };
  await measured((value) => page.text().includes(value) || undefined);
  return page;
}

/** Lets the agent measure something, and waits until it is stored and where it should be seen. */
async function measured(isSeen: (value: string) => true | undefined = () => true): Promise<string> {
  sent += 1;
  const value = `"answers":${sent + 1000}`;
  const line = `dns,link=lan ok=true,answers=${sent + 1000}i ${Math.floor(Date.now() / 1000)}`;
  await agent.sendLines([line], '0utb0x00', sent);
  await agent.next('commit');
  await eventually('the sample on the page', () => isSeen(value));
  return value;
}

describe('a page whose right to hear ended', () => {
  it.each([
    ['signed out', 0, (cookie: string) => ask('POST', '/api/v1/sign-out', {}, { cookie })],
    ['whose account was removed', 0, () => ask('DELETE', '/api/v1/users/li', undefined, admin)],
    [
      'whose account was removed by the command line',
      5000,
      () => tongtang(['user', 'remove', 'li'], { TONGTANG_DATA: data.path }),
    ],
  ])(
    '%s hears nothing more, and its stream ends',
    async (_, withinMs, end) => {
      await hub.post('/api/v1/users', { name: 'li', role: 'technician', password });
      const page = await openPage();
      await end(page.cookie);
      // Another process's change is looked for once a second.
      if (withinMs > 0) await eventually('the end', page.ended, withinMs);
      const value = await measured();
      await eventually('the end', page.ended, 2000);
      expect(page.text()).not.toContain(value);
      expect((await ask('GET', '/api/v1/me', undefined, { cookie: page.cookie })).status).toBe(401);
    },
    60_000,
  );

  it('goes on in the session that changed the password, and ends in every other', async () => {
    await hub.post('/api/v1/users', { name: 'li', role: 'technician', password });
    const [own, other] = [await openPage(), await openPage()];
    const change = { password: 'another horse, as good', current: password };
    expect((await ask('POST', '/api/v1/me/password', change, { cookie: own.cookie })).status).toBe(200);
    const value = await measured((seen) => own.text().includes(seen) || undefined);
    await eventually('the end', other.ended, 2000);
    expect(other.text()).not.toContain(value);
    expect(own.ended()).toBeUndefined();
  }, 60_000);
});
