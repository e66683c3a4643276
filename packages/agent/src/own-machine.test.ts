import { tmpdir } from 'node:os';
import { networkProbes } from '@tongtang/probes/network-probes';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import type { Identity } from './identity.ts';
import { ownMachine } from './own-machine.ts';

const identity: Identity = {
  agent: 'a-1',
  county: 'local',
  school: 'school',
  password: 'secret',
  hub: 'https://hub.example.edu/',
  mqtt: { protocol: 'mqtts', host: 'hub.example.edu', port: 8883 },
  stamp: { host: '2001:db8::1', port: 862 },
};
const setFor = (changes: Partial<Identity> = {}) =>
  ownMachine({ identity: { ...identity, ...changes }, dataFolder: tmpdir(), log: createLog('error') });

describe('an agent', () => {
  it('measures its gateway, its resolver and its hub without being told, at addresses that the probes take', async () => {
    const { builtIn } = setFor();
    expect(builtIn.map(({ link, target }) => `${link} ${target}`)).toEqual([
      'lan gateway',
      'broadband resolver',
      'broadband hub',
      'broadband hub',
    ]);
    for (const { probe, find } of builtIn) {
      const { address } = await find();
      if (address !== undefined) expect(networkProbes[probe].checkAddress(address)).toBeUndefined();
    }
  });

  it("asks its resolver for the hub's name, or for one that exists where the hub has none", async () => {
    const asked = async (changes?: Partial<Identity>) =>
      (
        await setFor(changes)
          .builtIn.find(({ probe }) => probe === 'dns')
          ?.find()
      )?.address;
    expect(await asked()).toBe('hub.example.edu');
    expect(await asked({ mqtt: { protocol: 'mqtt', host: '192.0.2.1', port: 1883 } })).toBe(
      'a.root-servers.net',
    );
    expect(await asked({ mqtt: { protocol: 'mqtt', host: 'localhost', port: 1883 } })).toBe(
      'a.root-servers.net',
    );
  });

  it('samples itself', async () => {
    const readings = await Promise.all(setFor().samplers.map(({ sample }) => sample()));
    expect(readings.flat().map(({ measurement }) => measurement)).toContain('host');
  });
});
