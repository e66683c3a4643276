import { tmpdir } from 'node:os';
import { fieldOf, isMeasurement } from '@tongtang/model/catalogue';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, describe, expect, it } from 'vitest';
import { createHostSampler, trafficBetween } from './sampler.ts';
import type { HostSource } from './source.ts';

const none = { rxBytes: 0, rxErrors: 0, rxDropped: 0, txBytes: 0, txErrors: 0, txDropped: 0 };
const source = {
  cpuTimes: () => ({ busy: 10, total: 100 }),
  memory: () => ({ totalBytes: 1000, availableBytes: 250 }),
  processes: () => 7,
  interfaces: () => [{ name: 'eth0', up: true, speedBitS: 1e9, counters: none }],
} satisfies HostSource;

let nowMs = 0;
afterEach(() => {
  nowMs = 0;
});
const samplerOf = (source: HostSource, dataFolder = tmpdir()) =>
  createHostSampler({ dataFolder, log: createLog('error'), monotonicMs: () => nowMs, source });

describe('host sampler', () => {
  it('gives states at once, rates from the second call', async () => {
    let busy = 10;
    let rxBytes = 5000;
    const sampler = samplerOf({
      ...source,
      cpuTimes: () => ({ busy, total: busy * 10 }),
      interfaces: () => [{ name: 'eth0', up: true, speedBitS: 1e9, counters: { ...none, rxBytes } }],
    });
    const [host, card] = await sampler.sample();
    expect(host).toEqual({
      measurement: 'host',
      tags: {},
      fields: {
        memory_used_ratio: 0.75,
        memory_total_bytes: 1000,
        processes: 7,
        uptime_s: expect.any(Number),
        disk_free_bytes: expect.any(Number),
        disk_used_ratio: expect.any(Number),
      },
    });
    expect(card).toEqual({
      measurement: 'interface',
      tags: { interface: 'eth0' },
      fields: { speed_bit_s: 1e9, up: true },
    });
    nowMs = 10_000;
    busy = 30;
    rxBytes = 17_500;
    const [later, cardLater] = await sampler.sample();
    expect(later?.fields).toMatchObject({ cpu_ratio: 20 / 200 });
    expect(cardLater?.fields).toMatchObject({ rx_bit_s: 10_000, tx_bit_s: 0, rx_errors: 0 });
  });

  it('says nothing of traffic when an interface comes back', async () => {
    let present = true;
    const sampler = samplerOf({ ...source, interfaces: () => (present ? source.interfaces() : []) });
    for (present of [true, false, true]) {
      nowMs += 10_000;
      const [, card] = await sampler.sample();
      expect(card?.fields).toEqual(present ? { speed_bit_s: 1e9, up: true } : undefined);
    }
  });

  it('measures the rest when a part cannot be read', async () => {
    const fail = () => {
      throw new Error('EACCES');
    };
    const sampler = samplerOf({ ...source, cpuTimes: fail, interfaces: fail }, '/nowhere');
    const readings = await sampler.sample();
    expect(readings).toHaveLength(1);
    expect(readings[0]?.fields).toMatchObject({ memory_used_ratio: 0.75, processes: 7 });
    expect(readings[0]?.fields).not.toHaveProperty('disk_free_bytes');
  });

  it('samples this machine with fields of the catalogue only', async () => {
    const sampler = createHostSampler({
      dataFolder: tmpdir(),
      log: createLog('error'),
      monotonicMs: () => performance.now(),
    });
    await sampler.sample();
    const readings = await sampler.sample();
    expect(readings[0]?.fields).toMatchObject({ memory_total_bytes: expect.any(Number) });
    for (const { measurement, fields } of readings) {
      expect(isMeasurement(measurement)).toBe(true);
      for (const [name, value] of Object.entries(fields)) {
        expect(fieldOf(measurement, name), name).toBeDefined();
        if (fieldOf(measurement, name)?.type === 'integer')
          expect(Number.isSafeInteger(value), name).toBe(true);
      }
    }
  });
});

describe('trafficBetween', () => {
  const before = { ...none, rxBytes: 4_294_967_000, txBytes: 100 };

  it.each([
    ['wrap at 32 bits', { ...before, rxBytes: 500 }],
    ['begin again', none],
    ['step back in one column only', { ...before, rxBytes: 4_294_968_000, txBytes: 99 }],
  ])('says nothing of an interval in which counters %s', (_, now) => {
    expect(trafficBetween(before, now, 10)).toEqual({});
  });

  it('says nothing of no time', () => {
    expect(trafficBetween(before, before, 0)).toEqual({});
  });
});
