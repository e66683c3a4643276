import { type FrontendSample, linesOf } from './frontend-sample.ts';

/** What sixteen bits hold: the full scale of signal and snr. */
const fullScale = 0xffff;

/**
 * Reads what `femon` of dvb-apps prints, one sample a line: `status SCVYL | signal  72% | snr  61% | ber 0 | unc 0 |
 * FE_HAS_LOCK`, or hexadecimal figures. `snr` has a scale of each driver's own, so it never becomes decibels; `ber` is no ratio
 * and is left out.
 */
export function parseFemon(text: string): FrontendSample[] {
  return linesOf(text).flatMap((line) => {
    const [, letters, rest = ''] = /^status ([A-Z ]*)\|(.*)$/.exec(line) ?? [];
    if (letters === undefined) return [];
    const told = Object.fromEntries(
      [...rest.matchAll(item)].map(([, name = '', value = '']) => [name, value]),
    );
    const figures = Object.entries({
      level_ratio: ratioOf(told.signal),
      quality_ratio: ratioOf(told.snr),
      uncorrected: countOf(told.unc),
    }).filter(([, value]) => value !== undefined);
    return [
      {
        locked: letters.includes('L'),
        figures: Object.fromEntries(figures),
        told: { status: letters.trim(), ...told },
      },
    ];
  });
}

/** `snr  61%`, `ber 00000000` */
const item = /\b(signal|snr|ber|unc) +([0-9a-f]+%?)(?= *(?:\||$))/g;

function ratioOf(figure = ''): number | undefined {
  if (/^\d{1,3}%$/.test(figure)) return Number.parseInt(figure, 10) / 100;
  return /^[0-9a-f]{4}$/.test(figure) ? Number.parseInt(figure, 16) / fullScale : undefined;
}

/** Eight digits with zeros in front are hexadecimal, whichever form the others have; eight decimal ones could be either. */
function countOf(figure = ''): number | undefined {
  if (/^(?:0[0-9a-f]{7}|(?=.*[a-f])[0-9a-f]{8})$/.test(figure)) return Number.parseInt(figure, 16);
  return /^\d{1,7}$/.test(figure) ? Number(figure) : undefined;
}
