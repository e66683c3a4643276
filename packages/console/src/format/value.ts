import { meanOpinionScore } from './mean-opinion-score.ts';

/**
 * A measured value for people: three significant digits or so, in a unit that keeps it short.
 * @param unit as in the catalogue; `1` is a share when `share` says so, else a count
 */
export function formatValue(value: number, unit: string, share: boolean, locale: string): string {
  if (share) return `${number(value * 100, locale)} %`;
  switch (unit) {
    case 'ms':
      return Math.abs(value) >= 10_000 ? `${number(value / 1000, locale)} s` : `${number(value, locale)} ms`;
    case 'bit/s':
      return scaled(value, 'bit/s', locale);
    case 'bytes':
      return scaled(value, 'B', locale);
    // Three digits would not do to tune a receiver.
    case 'Hz':
      return `${formatOf(locale, 0, 3).format(value / 1e6)} MHz`;
    case 'Bd':
      return `${formatOf(locale, 0, 3).format(value / 1e6)} MBd`;
    case '1':
      return value !== 0 && Math.abs(value) < 0.001 ? tiny(value, locale) : number(value, locale);
    case '':
    case 'packets':
      return number(value, locale);
    default:
      return `${number(value, locale)} ${unit}`;
  }
}

/** An R factor with the mean opinion score that follows from it. */
export function formatRating(r: number, locale: string): string {
  return `${number(r, locale)} (MOS ${formatOf(locale, 1, 1).format(meanOpinionScore(r))})`;
}

/** A delay in a column of its kind: tenths below ten milliseconds, whole ones above, so that units stand in line. */
export function formatDelay(ms: number, locale: string): string {
  if (ms >= 10_000) return formatValue(ms, 'ms', false, locale);
  if (ms < 0.1) return `< ${formatDelay(0.1, locale)}`;
  const digits = ms < 9.95 ? 1 : 0;
  return `${formatOf(locale, digits, digits).format(ms)} ms`;
}

/** Whether a field is a share from 0 to 1, told by its name: the unit `1` also stands for counts. */
export function isShare(field: string, unit: string): boolean {
  return unit === '1' && field.endsWith('_ratio');
}

/** A count with its thousands set apart. */
export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

function scaled(value: number, unit: string, locale: string): string {
  const steps = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  for (const [size, prefix] of steps)
    if (Math.abs(value) >= size) return `${number(value / size, locale)} ${prefix}${unit}`;
  return `${number(value, locale)} ${unit}`;
}

/** As receivers write it: `2E-7`. */
function tiny(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { notation: 'scientific', maximumFractionDigits: 1 }).format(value);
}

function number(value: number, locale: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  return formatOf(locale, 0, digits).format(value);
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, least: number, most: number): Intl.NumberFormat {
  const key = `${locale} ${least} ${most}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, format);
  }
  return format;
}
