import { describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { resolveHost } from './resolve-host.ts';

describe('resolveHost', () => {
  it('asks nobody about an address', async () => {
    expect(await resolveHost('192.0.2.7', testContext())).toEqual({
      ok: true,
      address: '192.0.2.7',
      fields: {},
    });
    expect(await resolveHost('2001:db8::1', testContext())).toMatchObject({ address: '2001:db8::1' });
  });

  it('knows the names of the hosts file', async () => {
    const resolved = await resolveHost('localhost', testContext());
    expect(resolved).toMatchObject({ ok: true, fields: { resolve_ms: expect.any(Number) } });
  });

  it('blames the resolver for a name that does not resolve', async () => {
    // Two dots in a row: refused by the system without a question on the network.
    expect(await resolveHost('a..b', testContext())).toMatchObject({ ok: false, source: 'resolver' });
  });

  it('does not wait for the system after an abort', async () => {
    const context = { ...testContext(), signal: AbortSignal.abort() };
    expect(await resolveHost('localhost', context)).toMatchObject({ source: 'resolver', error: 'timeout' });
  });
});
