import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHost, parseHostPort } from './address.ts';

describe('parseHostPort', () => {
  it.each([
    ['school.example:8620', undefined, { host: 'school.example', port: 8620 }],
    ['192.0.2.1:53', undefined, { host: '192.0.2.1', port: 53 }],
    ['[2001:db8::1]:443', undefined, { host: '2001:db8::1', port: 443 }],
    ['[fe80::1%eth0]:53', undefined, { host: 'fe80::1%eth0', port: 53 }],
    ['hub', 862, { host: 'hub', port: 862 }],
    ['hub:1', 862, { host: 'hub', port: 1 }],
    ['::1', 862, { host: '::1', port: 862 }],
    ['[::1]', 862, { host: '::1', port: 862 }],
    ['学校.中国:80', undefined, { host: 'xn--48s290a.xn--fiqs8s', port: 80 }],
  ])('reads %s', (address, defaultPort, expected) => {
    expect(parseHostPort(address, defaultPort)).toEqual(expected);
  });

  it.each([
    ['hub', undefined],
    ['hub:', 862],
    ['hub:0', 862],
    ['hub:65536', 862],
    ['hub:1:2', 862],
    [':80', undefined],
    ['[hub]:80', undefined],
    ['[192.0.2.1]:80', undefined],
    ['::1', undefined],
    ['256.1.1.1:80', undefined],
    ['-c:80', undefined],
    ['a b:80', undefined],
    ['http://hub:80', undefined],
    ['', 862],
  ])('refuses %s', (address, defaultPort) => {
    expect(parseHostPort(address, defaultPort)).toBeUndefined();
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const host = parseHostPort(text, 1)?.host;
        expect(host?.startsWith('-') ?? false).toBe(false);
      }),
    );
  });
});

describe('parseHost', () => {
  it('never takes what a program could read as an option', () => {
    expect(parseHost('-f')).toBeUndefined();
    expect(parseHost('--help')).toBeUndefined();
    expect(parseHost('a\nb')).toBeUndefined();
  });

  it('keeps addresses as they are', () => {
    expect(parseHost('fe80::1%3')).toBe('fe80::1%3');
    expect(parseHost('10.0.0.1')).toBe('10.0.0.1');
  });
});
