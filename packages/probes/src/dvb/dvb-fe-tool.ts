import { type FrontendSample, linesOf } from './frontend-sample.ts';

/** FE_HAS_LOCK of the kernel's frontend status. */
const lockBit = 0x10;

/**
 * Reads what `dvb-fe-tool --femon` of v4l-utils prints, one sample a line (`dvb_fe_snprintf_stat` of libdvbv5):
 * `Lock   (0x1f) Quality= Good Signal= -48.26dBm C/N= 10.60dB UCB= 0 postBER= 28.0x10^-6 PER= 0`. Lines for the layers of
 * ISDB-T repeat figures in other scales and are left out, and so is `Quality`, which says nothing beyond PER.
 */
export function parseDvbFeTool(text: string): FrontendSample[] {
  return linesOf(text).flatMap((line) => {
    const [, name = '', bits = '', items] = /^\s*([A-Z]\w*)?\s*\(0x([0-9a-f]{2,4})\)(.*)$/i.exec(line) ?? [];
    if (items === undefined) return [];
    const found = [...items.matchAll(item)];
    return [
      {
        locked: (Number.parseInt(bits, 16) & lockBit) !== 0,
        figures: Object.fromEntries(
          found.flatMap(([, key = '', mantissa = '', exponent = '0', unit = '']) =>
            figureOf(`${key} ${unit}`, Number(`${mantissa.replace(',', '.')}e${exponent}`)),
          ),
        ),
        told: {
          status: `${name} 0x${bits}`.trim(),
          ...Object.fromEntries(found.map(([text, key = '']) => [key, text.slice(key.length + 1).trim()])),
        },
      },
    ];
  });
}

/** `C/N= 10.60dB`, `postBER= 28.0x10^-6`; a comma in some languages. */
const item = /\b([A-Za-z/]+)=\s*(-?\d+(?:[.,]\d+)?)(?:x10\^(-?\d{1,2}))?(dBm|dB|%)?(?=\s|$)/g;

function figureOf(nameAndUnit: string, value: number): (readonly [string, number])[] {
  switch (nameAndUnit) {
    case 'Signal dBm':
      return [['level_dbm', value]];
    case 'Signal %':
      return [['level_ratio', value / 100]];
    case 'C/N dB':
      return [['cn_db', value]];
    case 'C/N %':
      return [['quality_ratio', value / 100]];
    case 'UCB ':
      return Number.isSafeInteger(value) && value >= 0 ? [['uncorrected', value]] : [];
    // Drivers without the statistics of DVBv5 count in units of their own, which are whole numbers.
    case 'preBER ':
      return value < 1 ? [['ber_pre', value]] : [];
    case 'postBER ':
      return value < 1 ? [['ber_post', value]] : [];
    case 'PER ':
      return value < 1 ? [['per', value]] : [];
    default:
      return [];
  }
}
