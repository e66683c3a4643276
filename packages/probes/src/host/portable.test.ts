import { networkInterfaces } from 'node:os';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { readInterfaceSpeeds } from './interface-speeds.ts';
import { isVirtual, portableSource } from './portable.ts';

describe('portableSource', () => {
  it('knows processor and memory of this machine', () => {
    const source = portableSource(new Map());
    const times = source.cpuTimes();
    expect(times?.busy).toBeGreaterThan(0);
    expect(times?.total).toBeGreaterThan(times?.busy ?? 0);
    const memory = source.memory();
    expect(memory?.totalBytes).toBeGreaterThan(memory?.availableBytes ?? 0);
  });

  it('reports interfaces with an outer address, with their speed once it is known', () => {
    const speeds = new Map<string, number>();
    const source = portableSource(speeds);
    const outer = Object.entries(networkInterfaces())
      .filter(([name, list]) => !isVirtual(name) && list?.some(({ internal }) => !internal))
      .map(([name]) => name)
      .slice(0, 4);
    expect(source.interfaces().map(({ name }) => name)).toEqual(outer);
    for (const name of outer) speeds.set(name, 1e9);
    for (const state of source.interfaces()) expect(state).toMatchObject({ up: true, speedBitS: 1e9 });
  });
});

describe('isVirtual', () => {
  it.each([
    'vEthernet (WSL)',
    'VMware Network Adapter VMnet8',
    'VirtualBox Host-Only Network',
    '本地连接* 10',
  ])('leaves out %s', (name) => expect(isVirtual(name)).toBe(true));

  it.each(['以太网', '以太网 2', 'WLAN', 'Ethernet', '本地连接', 'Local Area Connection'])(
    'keeps %s',
    (name) => expect(isVirtual(name)).toBe(false),
  );
});

describe('readInterfaceSpeeds', () => {
  it('gives bit/s by interface and never rejects', async () => {
    for (const [name, speed] of await readInterfaceSpeeds(createLog('error'))) {
      expect(name).not.toBe('');
      expect(speed).toBeGreaterThanOrEqual(1e6);
    }
  });
});
