import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hubAddress } from './hub-address.ts';

const address = (address: string, internal: boolean): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: null,
});
const machine = { lo: [address('127.0.0.1', true)], eth0: [address('192.0.2.7', false)] };

describe('the address of a hub for others', () => {
  it('is the one that it listens on', () => {
    expect(hubAddress('127.0.0.1:8080', machine)).toBe('http://127.0.0.1:8080');
    expect(hubAddress('hub.example:80', machine)).toBe('http://hub.example:80');
  });

  it('is never "every network": nobody can open that', () => {
    expect(hubAddress('0.0.0.0:8080', machine)).toBe('http://192.0.2.7:8080');
    expect(hubAddress('[::]:8080', machine)).toBe('http://192.0.2.7:8080');
    expect(hubAddress('0.0.0.0:8080', { lo: machine.lo })).toBe('http://127.0.0.1:8080');
  });
});
