import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCpuTimes, parseDefaultRoutes, parseInterfaceCounters, parseMemory } from './proc.ts';

const recorded = (name: string) => readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8');

describe('parseCpuTimes', () => {
  it('adds up all cores; waiting for a disk is idle, guests are counted once', () => {
    const busy = 11_682 + 20 + 7870 + 3 + 385 + 10_766;
    expect(parseCpuTimes(recorded('stat'))).toEqual({ busy, total: busy + 388_250 + 694 });
  });

  it('reads kernels with fewer columns', () => {
    expect(parseCpuTimes('cpu  10 0 5 100\n')).toEqual({ busy: 15, total: 115 });
  });

  it.each(['', 'cpu0 1 2 3 4\n', 'cpu  a b c d\n', 'cpu  1\n'])('says nothing of %j', (text) => {
    expect(parseCpuTimes(text)).toBeUndefined();
  });
});

describe('parseMemory', () => {
  it('takes what the page cache would give back for available', () => {
    expect(parseMemory(recorded('meminfo'))).toEqual({
      totalBytes: 8_039_364 * 1024,
      availableBytes: 5_012_840 * 1024,
    });
  });

  it('says nothing without MemAvailable', () => {
    expect(parseMemory('MemTotal:  100 kB\nMemFree:  5 kB\n')).toBeUndefined();
  });
});

describe('parseInterfaceCounters', () => {
  const counters = parseInterfaceCounters(recorded('net-dev'));

  it('knows every interface and no heading', () => {
    expect([...counters.keys()]).toEqual(['lo', 'enp3s0', 'eth1', 'docker0', 'veth12ab@if4', 'wlan0']);
  });

  it('takes each number from its column', () => {
    expect(counters.get('enp3s0')).toEqual({
      rxBytes: 504_277_617,
      rxErrors: 7,
      rxDropped: 2,
      txBytes: 830_662,
      txErrors: 1,
      txDropped: 3,
    });
  });

  it('leaves out lines that are cut off', () => {
    expect(parseInterfaceCounters('eth0: 1 2 3 4 5\n').size).toBe(0);
  });
});

describe('parseDefaultRoutes', () => {
  it('finds the interface towards everywhere, not half of it', () => {
    expect([...parseDefaultRoutes(recorded('route'))]).toEqual(['wlan0']);
  });

  it('finds none in an empty table', () => {
    expect(parseDefaultRoutes('').size).toBe(0);
  });
});
