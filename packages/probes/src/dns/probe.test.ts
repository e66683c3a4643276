import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { type NameServer, startNameServer } from './name-server.fixture.ts';
import { dns } from './probe.ts';

let server: NameServer;
beforeEach(async () => {
  server = await startNameServer();
});
afterEach(() => server.stop());

const ask = (name: string, budgetMs?: number) =>
  dns.run(`${name}@127.0.0.1:${server.port}`, testContext(budgetMs));
const resolve_ms = expect.any(Number);

describe('dns', () => {
  it('counts the addresses of the answer and times it', async () => {
    expect(await ask('two.example')).toEqual({ ok: true, fields: { resolve_ms, answers: 2 } });
  });

  it('asks again each time', async () => {
    await ask('two.example');
    await ask('two.example');
    expect(server.questions()).toBe(2);
  });

  it.each(['missing.example', 'empty.example'])(
    'blames the target where the resolver answers that there is no address: %s',
    async (name) => {
      expect(await ask(name)).toMatchObject({
        ok: false,
        source: 'target',
        fields: { resolve_ms, answers: 0 },
      });
    },
  );

  it.each([
    ['broken.example', 'ESERVFAIL'],
    ['refused.example', 'EREFUSED'],
  ])('blames the resolver for %s and keeps the time of its answer', async (name, error) => {
    expect(await ask(name)).toEqual({ ok: false, source: 'resolver', error, fields: { resolve_ms } });
  });

  it('ends with its signal where the resolver is silent', async () => {
    const start = performance.now();
    expect(await ask('silent.example', 200)).toEqual({ ok: false, source: 'resolver', error: 'timeout' });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('blames the resolver where nobody listens', async () => {
    const gone = await startNameServer();
    gone.stop();
    const result = await dns.run(`two.example@127.0.0.1:${gone.port}`, testContext(1000));
    expect(result).toMatchObject({ ok: false, source: 'resolver' });
  });

  it('asks servers at IPv6 addresses', async () => {
    const six = await startNameServer('::1');
    try {
      expect(await dns.run(`two.example@[::1]:${six.port}`, testContext())).toMatchObject({ ok: true });
    } finally {
      six.stop();
    }
  });

  it('does not ask when its signal has aborted already', async () => {
    const context = { ...testContext(), signal: AbortSignal.abort() };
    const result = await dns.run(`two.example@127.0.0.1:${server.port}`, context);
    expect(result).toMatchObject({ ok: false, error: 'timeout' });
    expect(server.questions()).toBe(0);
  });

  it('checks addresses without touching the network', () => {
    for (const good of ['school.example', 'school.example@192.0.2.1', 'a.b@[2001:db8::1]:5353', '学校.中国'])
      expect(dns.checkAddress(good)).toBeUndefined();
    for (const bad of ['', '192.0.2.1', 'a@server.example', 'a@192.0.2.1@192.0.2.2', 'a@'])
      expect(dns.checkAddress(bad)).toContain('is not a name');
  });
});
