import { expect, it } from 'vitest';
import { type Interfaces, interfaceFor, interfacesOutward, nameOfInterface } from './interfaces.ts';

const ipv4 = (address: string, internal = false) =>
  ({ family: 'IPv4', address, internal, netmask: '255.255.255.0', mac: '', cidr: null }) as const;
const ipv6 = (address: string, internal = false) =>
  ({ family: 'IPv6', address, internal, netmask: '', mac: '', cidr: null, scopeid: 2 }) as const;

/** As Windows names them, too. */
const pc: Interfaces = {
  lo: [ipv4('127.0.0.1', true), ipv6('::1', true)],
  eth0: [ipv4('192.0.2.5'), ipv4('192.0.2.6'), ipv6('fe80::1')],
  以太网: [ipv4('198.51.100.7')],
};

it('an interface is found by its name and by each of its addresses', () => {
  expect(interfaceFor('eth0', '239.1.1.1', pc)).toBe('192.0.2.5');
  expect(interfaceFor('192.0.2.6', '239.1.1.1', pc)).toBe('192.0.2.6');
  expect(interfaceFor('以太网', '239.1.1.1', pc)).toBe('198.51.100.7');
  expect(interfaceFor('eth0', 'ff15::1', pc)).toBe('::%eth0');
  expect(nameOfInterface('192.0.2.6', '239.1.1.1', pc)).toBe('eth0');
});

it('one that is not there, or has no address of the kind, is none', () => {
  expect(interfaceFor('eth7', '239.1.1.1', pc)).toBeUndefined();
  expect(interfaceFor('以太网', 'ff15::1', pc)).toBeUndefined();
});

it('those that lead outward are named once each', () => {
  expect(interfacesOutward('239.1.1.1', pc)).toHaveLength(2);
  expect(interfacesOutward('ff15::1', pc)).toEqual(['::%eth0']);
});
