import { describe, expect, it } from 'vitest';
import { parseModulation } from './modulation.ts';

describe('the name of a modulation', () => {
  it.each([
    ['DVB-S2 8PSK 3/4', { standard: 'DVB-S2', modcod: '8PSK 3/4' }],
    ['dvb-s2 16apsk 9/10', { standard: 'DVB-S2', modcod: '16APSK 9/10' }],
    ['DVB-S QPSK 7/8', { standard: 'DVB-S', rate: '7/8' }],
    ['DVB-S 1/2', { standard: 'DVB-S', rate: '1/2' }],
  ])('"%s" is one with a threshold', (name, modulation) => {
    expect(parseModulation(name)).toEqual(modulation);
  });

  it.each([
    '',
    'DVB-S2',
    'DVB-S2 8PSK 7/8',
    'DVB-S 8PSK 3/4',
    'DVB-S2 BPSK 1/3',
    'DVB-C 3/4',
    'DVB-S2 constructor',
  ])('"%s" is none: no margin is made up for it', (name) => {
    expect(parseModulation(name)).toBeUndefined();
  });
});
