import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { damage, meddle } from '@tongtang/store/meddle.fixture';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthProbe } from '../bench/health-probe.ts';
import { codeFrom, overviewOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import { adminToken, dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';

/** What must neither kill a running hub nor keep it from ending. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startHub() {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const hub = await startTestHub(data.path);
  cleanUp.push(() => hub.process().stop());
  const isAlive = async (): Promise<boolean> =>
    (await fetch(`${hub.url}/healthz`, { signal: AbortSignal.timeout(10_000) })).ok;
  return { hub, isAlive, folder: join(data.path, 'hub') };
}

describe('a running hub', () => {
  it('outlives a ledger that is damaged under it, and commits again', async () => {
    const { hub, isAlive, folder } = await startHub();
    const agent = await HandMadeAgent.enrol(hub);
    cleanUp.push(() => agent.end());
    await agent.connect();
    const startS = Math.floor(Date.now() / 1000) - 3000;
    // Ranges that do not touch, so that they fill more than the pages that are left whole.
    const numbers = Array.from({ length: 400 }, (_, at) => 1 + at * 2);
    for (const number of numbers)
      await agent.sendLines([`dns,link=lan ok=true ${startS + number}`], '0utb0x00', number);
    const lastIsStored = () => agent.heard.some(({ payload }) => payload.includes('[799,799]'));
    await eventually('all are stored', () => lastIsStored() || undefined);
    agent.heard.length = 0;
    damage(join(folder, 'ledger.db'));
    const sendAgain = async (): Promise<true | undefined> => {
      await agent.sendLines([`dns,link=lan ok=true ${startS + 900}`], '0utb0x00', 900);
      const answer = await agent.next('commit', 2000);
      return JSON.stringify(answer.document).includes('[900,900]') ? true : undefined;
    };
    await eventually('a commit after the damage', sendAgain, 30_000);
    expect(await isAlive()).toBe(true);
  }, 90_000);

  it('outlives a registry that is damaged under it: who was enrolled goes on, who was revoked stays out', async () => {
    const { hub, isAlive, folder } = await startHub();
    const agent = await HandMadeAgent.enrol(hub);
    const revoked = await HandMadeAgent.enrol(hub);
    cleanUp.push(() => agent.end());
    await agent.connect();
    const startS = Math.floor(Date.now() / 1000) - 3000;
    const isCommitted = async (number: number): Promise<void> => {
      await agent.sendLines([`dns,link=lan ok=true ${startS + number}`], '0utb0x00', number);
      expect((await agent.next('commit')).document).toMatchObject({ ranges: [[number, number]] });
    };
    await isCommitted(1);
    const headers = { authorization: `Bearer ${adminToken}` };
    expect((await fetch(`${hub.url}/api/v1/agents/${revoked.id}`, { method: 'DELETE', headers })).ok).toBe(
      true,
    );
    damage(join(folder, 'registry.db'));
    const toldOf = async () => (await overviewOf(hub)).setAside.filter(({ file }) => file === 'registry.db');
    const setAside = await eventually('the overview says so', async () => (await toldOf())[0]);
    await isCommitted(3);
    expect(await revoked.isRefused({})).toBe(true);
    // What people enter is taken again, and nothing more is set aside.
    const newcomer = await HandMadeAgent.enrol(hub, await codeFrom(hub));
    expect(await newcomer.isRefused({})).toBe(false);
    expect(await isAlive()).toBe(true);
    expect(
      hub
        .process()
        .output()
        .match(/registry is damaged, set aside/g),
    ).toHaveLength(1);

    await hub.process().stop();
    await hub.start();
    await agent.connect();
    await isCommitted(5);
    expect(await newcomer.isRefused({})).toBe(false);
    expect(await revoked.isRefused({})).toBe(true);
    expect(await toldOf()).toEqual([setAside]);
  }, 90_000);

  it('does not stand while another process writes the registry, with a page open', async () => {
    const { hub, folder } = await startHub();
    const { output } = await tongtang(['user', 'link'], hub.environment);
    const token = /#sign-in=(\S+)/.exec(output)?.[1];
    const signedIn = await fetch(`${hub.url}/api/v1/sign-in/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toContain('session');
    const page = new AbortController();
    cleanUp.push(() => page.abort());
    await fetch(`${hub.url}/api/v1/live`, { headers: { cookie }, signal: page.signal });
    // As if it had last been used two minutes ago: its use is to be written down.
    meddle(join(folder, 'registry.db'), 'UPDATE sessions SET seen_at = seen_at - 120');
    const letGo = await holdRegistry(join(folder, 'registry.db'));
    const probe = new HealthProbe(hub.url);
    const reader = setInterval(() => void fetch(`${hub.url}/api/v1/me`, { headers: { cookie } }), 300);
    cleanUp.push(() => clearInterval(reader));
    const change = async (): Promise<number> => {
      const answer = await fetch(`${hub.url}/api/v1/enrolment-codes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify({ county: 'local', school: 'school', classroom: 'room-1' }),
      });
      return answer.status;
    };
    // Whoever changes something waits, and is told where it takes too long.
    expect(await change()).toBe(503);
    const waiting = change();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await letGo();
    expect(await waiting).toBe(200);
    const { tookMs, failures } = await probe.end();
    const sorted = tookMs.toSorted((one, other) => one - other);
    expect(failures).toBe(0);
    expect(sorted.length).toBeGreaterThan(20);
    // One in twenty may be the test machine's own doing.
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(1000);
    expect((await fetch(`${hub.url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
  }, 90_000);
});

/** Another process that holds the registry. @returns how to end it */
async function holdRegistry(path: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-registry.child.ts'), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanUp.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

describe('a ledger that somebody deleted', () => {
  it('leaves what was stored unknown, not lost', async () => {
    const { hub, folder } = await startHub();
    const agent = await HandMadeAgent.enrol(hub);
    cleanUp.push(() => agent.end());
    const send = async (from: number, to: number, oldest: number): Promise<void> => {
      const line = `dns,link=lan ok=true ${Math.floor(Date.now() / 1000) - 60}`;
      await agent.sendLines(new Array(to - from + 1).fill(line), '0utb0x00', from, oldest);
      await agent.next('commit');
    };
    await agent.connect();
    await send(1, 40, 1);
    await hub.process().stop();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `ledger.db${suffix}`), { force: true });
    await hub.start();
    await agent.connect();
    await send(41, 50, 41);
    expect(await hub.get(`/api/v1/ledger/${agent.id}`)).toMatchObject({
      outboxes: [{ received: [[41, 50]], unknownBefore: 41, missing: [], lost: [] }],
    });
    expect(hub.process().output()).toContain('a database is gone');
  }, 60_000);
});

describe('a second hub', () => {
  it('is refused on the data of a running one, by name', async () => {
    const { hub, isAlive, folder } = await startHub();
    const ports = {
      TONGTANG_HTTP: `127.0.0.1:${await freePort()}`,
      TONGTANG_MQTT: `127.0.0.1:${await freePort()}`,
    };
    const second = await tongtang(['hub'], { ...hub.environment, ...ports });
    expect(second.code).toBe(1);
    expect(second.output).toContain(`another hub runs on ${folder}`);
    expect(await isAlive()).toBe(true);
  }, 60_000);
});

describe('a hub that is to stop', () => {
  it('stops, whoever says nothing on a connection', async () => {
    const { hub } = await startHub();
    const { port } = new URL(hub.url);
    const starts = [
      '',
      'GET / HTTP/1.1\r\nHost: h\r\nX: ',
      'POST /api/v1/sign-in HTTP/1.1\r\nContent-Length: 9\r\n\r\n',
    ];
    for (const start of starts) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(start);
      cleanUp.push(() => socket.destroy());
    }
    const stopped = hub.process().stop();
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 20_000).unref());
    expect(await Promise.race([stopped, late])).toBe(0);
  }, 60_000);
});

describe('a start', () => {
  it('on a port that is taken ends with a word about it', async () => {
    const { hub } = await startHub();
    const data = dataFolder();
    cleanUp.push(data.remove);
    const taken = {
      ...hub.environment,
      TONGTANG_DATA: data.path,
      TONGTANG_MQTT: `127.0.0.1:${await freePort()}`,
    };
    const { code, output } = await tongtang(['start'], taken);
    expect([code, output]).toEqual([1, expect.stringContaining('another hub, has this port')]);
  }, 60_000);
});

describe('the admin token', () => {
  it('may have any characters', async () => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    const token = 'p@ssword:with#special!';
    const hub = await startTestHub(data.path, { TONGTANG_ADMIN_TOKEN: token });
    cleanUp.push(() => hub.process().stop());
    const ask = (bearer: string) =>
      fetch(`${hub.url}/api/v1/agents`, { headers: { authorization: `Bearer ${bearer}` } });
    expect((await ask(token)).status).toBe(200);
    expect((await ask(adminToken)).status).toBe(401);
  });
});
