import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayFinder, remembering } from './gateway.ts';
import { ipv4Gateway, ipv6Gateway } from './routes/linux.ts';
import { macosGateway, windowsGateway } from './routes/printed.ts';

const read = (name: string) => readFileSync(new URL(`routes/testdata/${name}.txt`, import.meta.url), 'utf8');

describe('the gateway in a recorded routing table', () => {
  it.each([
    ['Linux, the lowest metric first', ipv4Gateway, 'route', '192.0.2.1'],
    ['Linux without one, a line that needs none among its routes', ipv4Gateway, 'route-none', undefined],
    ['Linux, IPv6', ipv6Gateway, 'ipv6_route', 'fd00:0:0:0:0:0:0:1'],
    ['Linux, IPv6, link-local', ipv6Gateway, 'ipv6_route-link-local', 'fe80:0:0:0:2a1:b2ff:fec3:d4e5%wlan0'],
    ['Chinese Windows, persistent routes aside', windowsGateway, 'windows-zh', '10.1.1.1'],
    ['English Windows behind a tunnel that needs none', windowsGateway, 'windows-en-on-link', undefined],
    ['macOS, shared connections aside', macosGateway, 'macos', '192.168.1.1'],
  ])('is found: %s', (_, parse, name, expected) => {
    expect(parse(read(name))).toBe(expected);
  });

  it('is looked for in any text without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parse of [ipv4Gateway, ipv6Gateway, windowsGateway, macosGateway])
          expect(parse(text)).toBeUndefined();
      }),
    );
  });
});

it('the gateway of this machine is the one that `ip` names (apt-get install iproute2)', async () => {
  const printed = execFileSync('ip', ['-4', 'route', 'show', 'default'], { encoding: 'utf8' });
  const expected = /via (\S+)/.exec(printed)?.[1];
  const found = await gatewayFinder()();
  if (expected !== undefined) expect(found).toBe(expected);
});

it('a route that comes, changes and goes is seen at the next look, in a network of its own (as root)', () => {
  const program = `
    import { execFileSync } from 'node:child_process';
    import { gatewayFinder } from ${JSON.stringify(new URL('gateway.ts', import.meta.url))};
    const ip = (words) => execFileSync('ip', words.split(' '));
    const find = gatewayFinder();
    const seen = [await find()];
    ip('link add here type veth peer name there');
    ip('link set there up');
    ip('link set here up');
    ip('addr add 192.0.2.2/24 dev here');
    for (const change of ['add default via 192.0.2.1', 'replace default via 192.0.2.9', 'del default']) {
      ip('route ' + change);
      seen.push(await find());
    }
    console.log(JSON.stringify(seen.map((gateway) => gateway ?? 'none')));`;
  const words = ['--net', process.execPath, '--input-type=module', '-e', program];
  const printed = execFileSync('unshare', words, { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual(['none', '192.0.2.1', '192.0.2.9', 'none']);
});

describe('remembering', () => {
  function finder() {
    const state = { addresses: 'a', nowMs: 0, gateway: '10.0.0.1' as string | undefined, looks: 0 };
    const find = remembering(
      async () => {
        state.looks += 1;
        return state.gateway;
      },
      () => state.addresses,
      () => state.nowMs,
    );
    return { state, find };
  }

  it('asks once, and again when the addresses of the machine change', async () => {
    const { state, find } = finder();
    await find();
    expect(await find()).toBe('10.0.0.1');
    expect(state.looks).toBe(1);
    Object.assign(state, { addresses: 'b', gateway: '10.0.0.2' });
    expect(await find()).toBe('10.0.0.2');
  });

  it('keeps a gateway for as long as the addresses stay', async () => {
    const { state, find } = finder();
    await find();
    state.nowMs = 30 * 86_400_000;
    expect(await find()).toBe('10.0.0.1');
    expect(state.looks).toBe(1);
  });

  it('asks a few times where there was none, and then not before the addresses change', async () => {
    const { state, find } = finder();
    state.gateway = undefined;
    for (; state.nowMs < 3_600_000; state.nowMs += 10_000) await find();
    expect(state.looks).toBe(4);
    Object.assign(state, { addresses: 'b', gateway: '10.0.0.1' });
    expect(await find()).toBe('10.0.0.1');
    expect(state.looks).toBe(5);
  });

  it('finds a route that came after its address', async () => {
    const { state, find } = finder();
    state.gateway = undefined;
    expect(await find()).toBeUndefined();
    state.gateway = '10.0.0.1';
    state.nowMs = 10_000;
    expect(await find()).toBe('10.0.0.1');
  });
});
