import { type ReceiverSignal, type SignalFigure, signalFigures } from '../signal/receiver-signal.ts';
import { type FigureEntry, figureUnits, oidOf, type Profile, type ProfileEntry } from './profile.ts';
import { mismatch, type SnmpValue } from './value.ts';

/** A number as devices print it: `-52`, `11.3`, `0.0E0`. */
const plainNumber = /^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$/;

/**
 * What a receiver's values say, by its profile.
 *
 * Without a value that says whether there is lock nothing is known, and the profile is for another model. A figure that is
 * missing, of another type, below the receiver's range or no number is absent; `told` has what stood there.
 * @returns the signal, or in words why there is none
 */
export function readSignal(
  profile: Profile,
  unit: number,
  values: readonly SnmpValue[],
): Readonly<{ signal: ReceiverSignal }> | Readonly<{ error: string }> {
  const byOid = new Map(values.map((value) => [value.oid, value]));
  const answerTo = (entry: ProfileEntry) => byOid.get(oidOf(entry, unit));
  const { lock, figures, modulation = [] } = profile;
  const told: Record<string, string> = {};
  let locked = true;

  for (const entry of lock) {
    const value = answerTo(entry);
    const wrong = mismatch(value, entry.type);
    if (value === undefined || wrong !== undefined)
      return { error: `${entry.label}: ${wrong}; does the profile fit?` };
    told[entry.label] = value.text;
    const says = meaning(entry.map, value);
    if (says === undefined)
      return { error: `${entry.label}: the profile does not know "${value.text.slice(0, 20)}"` };
    locked &&= says;
  }

  const numbers: Partial<Record<SignalFigure, number>> = {};
  for (const name of signalFigures) {
    const entry = figures[name];
    if (entry === undefined) continue;
    const value = answerTo(entry);
    const wrong = mismatch(value, entry.type);
    if (value === undefined || wrong !== undefined) {
      told[entry.label] = `(${wrong})`;
      continue;
    }
    const empty = value.text.trim() === '';
    told[entry.label] = empty ? value.text : withUnit(entry, value.text);
    if (empty && entry.type === 'text' && profile.emptyIsUnlocked === true) locked = false;
    const number = numberOf(entry, value);
    if (number !== undefined) numbers[name] = inCatalogueUnit(name, entry, number);
  }

  const words = modulation.map((entry) => {
    const value = answerTo(entry);
    const wrong = mismatch(value, entry.type);
    told[entry.label] = value === undefined || wrong !== undefined ? `(${wrong})` : value.text;
    return wrong === undefined && value !== undefined ? meaning(entry.map, value) : undefined;
  });
  const named = words.length > 0 && words.every((word) => word !== undefined);
  return {
    signal: { locked, figures: numbers, told, ...(named && { modulation: words.join(' ') }) },
  };
}

function meaning<Meaning>(map: Readonly<Record<string, Meaning>>, { text }: SnmpValue): Meaning | undefined {
  const key = text.trim();
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function numberOf(
  { pattern, below = [] }: FigureEntry,
  { type, text, number }: SnmpValue,
): number | undefined {
  if (type !== 'OCTET STRING') return number;
  if (below.some((token) => text.trim().startsWith(token))) return undefined;
  const [, digits] = (pattern === undefined ? plainNumber : new RegExp(pattern)).exec(text) ?? [];
  return digits === undefined || !plainNumber.test(digits) ? undefined : Number(digits);
}

/** What a value counts, as far as it does not say so itself: `1043*0.01 dB`. */
function withUnit({ unit, scale = 1, offset = 0 }: FigureEntry, text: string): string {
  const factor = scale === 1 ? '' : `*${scale}`;
  const addend = offset === 0 ? '' : `${offset > 0 ? '+' : ''}${offset}`;
  const named = unit === '1' || text.trimEnd().endsWith(unit);
  return `${text}${factor}${addend}${named ? '' : ` ${unit}`}`;
}

/** Counts are whole: a frequency of 1.2345 GHz told in MHz is not exactly so many hertz in binary. */
function inCatalogueUnit(
  name: SignalFigure,
  { unit, scale = 1, offset = 0 }: FigureEntry,
  told: number,
): number {
  const number = (told * scale + offset) * (figureUnits[name][unit] ?? Number.NaN);
  return name === 'symbol_rate' || name === 'frequency_hz' ? Math.round(number) : number;
}
