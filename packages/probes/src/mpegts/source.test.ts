import { describe, expect, it } from 'vitest';
import { isMulticast, parseSource } from './source.ts';

describe('the address of a stream', () => {
  it.each([
    ['udp://239.1.1.1:1234', { host: '239.1.1.1', port: 1234 }],
    ['rtp://@239.1.1.1:5004/', { host: '239.1.1.1', port: 5004 }],
    ['UDP://192.0.2.9@232.1.1.1:1234', { host: '232.1.1.1', port: 1234, sender: '192.0.2.9' }],
    ['udp://:1234', { host: '0.0.0.0', port: 1234 }],
    ['udp://[ff15::1]:1234?interface=eth1', { host: 'ff15::1', port: 1234, interface: 'eth1' }],
    ['udp://239.1.1.1:1234?interface=192.0.2.5', { host: '239.1.1.1', port: 1234, interface: '192.0.2.5' }],
  ])('%s is one of a socket', (text, expected) => {
    expect(parseSource(text)).toEqual({ kind: 'socket', ...expected });
  });

  it('is a file where it is no URL, and standard input where it is a hyphen', () => {
    expect(parseSource('/media/lesson.ts')).toEqual({ kind: 'file', path: '/media/lesson.ts' });
    expect(parseSource('C:\\lesson.ts')).toEqual({ kind: 'file', path: 'C:\\lesson.ts' });
    expect(parseSource('-')).toEqual({ kind: 'standard input' });
  });

  it.each([
    ['http://239.1.1.1:80', 'is not udp://address:port'],
    ['udp://239.1.1.1', 'is not udp://address:port'],
    ['udp://239.1.1.1:70000', 'is not udp://address:port'],
    ['udp://lessons.example.cn:1234', '"lessons.example.cn" is not an IP address'],
    ['udp://[239.1.1.1]:1234', '"239.1.1.1" is not an IP address'],
    ['udp://192.0.2.9@192.0.2.1:1234', '"192.0.2.9" is not the address of a sender'],
    ['udp://x@232.1.1.1:1234', '"x" is not the address of a sender'],
    ['udp://239.1.1.1:1234?ttl=3', '"ttl" is not an option'],
    ['', 'is no file'],
  ])('%s is refused with what is wrong', (text, problem) => {
    expect(parseSource(text)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

it('a group is one of the addresses that are set aside for groups', () => {
  expect(['224.0.0.1', '239.255.255.255', 'ff02::1'].every(isMulticast)).toBe(true);
  expect(['223.255.255.255', '240.0.0.1', '0.0.0.0', 'fe80::1'].some(isMulticast)).toBe(false);
});
