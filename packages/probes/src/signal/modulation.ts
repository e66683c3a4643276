import { type DvbS2Modcod, type DvbSRate, dvbS, dvbS2, type Modulation } from '@tongtang/satellite/modcod';

/**
 * Reads the name of a modulation as the field `modulation` has it: `DVB-S2 8PSK 3/4`, `DVB-S 3/4`, `DVB-S QPSK 3/4`.
 * @returns undefined where the margin of it is not known: DVB-S2X, BPSK, a rate that the standard does not have
 */
export function parseModulation(name: string): Modulation | undefined {
  const [, standard, modcod = ''] = /^(DVB-S2?) (.+)$/i.exec(name.trim()) ?? [];
  const wanted = modcod.toUpperCase();
  switch (standard?.toUpperCase()) {
    case 'DVB-S2':
      return isModcod(wanted) ? { standard: 'DVB-S2', modcod: wanted } : undefined;
    case 'DVB-S': {
      const rate = wanted.replace(/^QPSK /, '');
      return isRate(rate) ? { standard: 'DVB-S', rate } : undefined;
    }
    default:
      return undefined;
  }
}

function isModcod(name: string): name is DvbS2Modcod {
  return Object.hasOwn(dvbS2, name);
}

function isRate(name: string): name is DvbSRate {
  return Object.hasOwn(dvbS, name);
}
