import { type BitReader, type BitWriter, powerOfTwo } from './bits.ts';
import { type Decimal, mostDigits, mostExponent, powerOfTen } from './decimal.ts';

/**
 * What is expected of one number: as it was, as it goes on, or as it was on average; whichever was nearest lately. Kept as
 * a stretch of one array, because a hub keeps some fifty for each of thousands of agents.
 */
const last = 0;
const step = 1;
const average = 2;
const missBy = 3;
const ways = 3;
const scale = missBy + ways;
export const forecastLength = scale + 1;

/** How much the newest value counts in the average, and the newest miss in what a way of guessing usually misses by. */
const averageWeight = 0.25;
const missWeight = 0.125;
/** Stands for “the scale changes” where else the distance 3 would. */
const rescale = 3;
const scaleOrder = 2;

export type Forecasts = Float64Array;

/** Begins with a value that both sides know. */
export function beginForecast(all: Forecasts, at: number, { digits, exponent }: Decimal): void {
  all.set([digits, 0, digits, 1, 1, 1, exponent], at);
}

/** Whether all that is reckoned with the number stays exact. */
export function isWithinReach(all: Forecasts, at: number, number: Decimal): boolean {
  const change = finerBy(all, at, number);
  if (change > 0 && !canRefine(all, at, change)) return false;
  return Math.abs(digitsAt((all[at + scale] ?? 0) - change, number)) <= mostDigits;
}

/** Writes a number that is within reach as its distance from what was expected, and learns it. */
export function putNumber(all: Forecasts, at: number, number: Decimal, bits: BitWriter): void {
  const change = finerBy(all, at, number);
  if (change > 0) {
    bits.putGolomb(rescale, orderOf(all, at));
    bits.putGolomb(change, scaleOrder);
    refine(all, at, change);
  }
  const digits = digitsAt(all[at + scale] ?? 0, number);
  const distance = folded(digits - guess(all, at));
  bits.putGolomb(change === 0 && distance >= rescale ? distance + 1 : distance, orderOf(all, at));
  learn(all, at, digits);
}

/** Reads what {@link putNumber} wrote, and learns it. Undefined where it is nonsense. */
export function getNumber(all: Forecasts, at: number, bits: BitReader): Decimal | undefined {
  let distance = bits.getGolomb(orderOf(all, at));
  if (distance === rescale) {
    const change = bits.getGolomb(scaleOrder);
    if (!canRefine(all, at, change)) return undefined;
    refine(all, at, change);
    distance = bits.getGolomb(orderOf(all, at));
  } else if (distance > rescale) distance -= 1;
  const digits = guess(all, at) + unfolded(distance);
  if (Math.abs(digits) > mostDigits || bits.broken) return undefined;
  learn(all, at, digits);
  return { digits, exponent: all[at + scale] ?? 0 };
}

/** How many powers of ten the number is finer than what is reckoned with. Of zero any power is right. */
function finerBy(all: Forecasts, at: number, { digits, exponent }: Decimal): number {
  return digits === 0 ? 0 : Math.max(0, (all[at + scale] ?? 0) - exponent);
}

function digitsAt(exponent: number, number: Decimal): number {
  return number.digits === 0 ? 0 : number.digits * powerOfTen(number.exponent - exponent);
}

function canRefine(all: Forecasts, at: number, change: number): boolean {
  const finest = (all[at + scale] ?? 0) - change >= -mostExponent;
  return change > 0 && finest && Math.abs(all[at + last] ?? 0) * powerOfTen(change) <= mostDigits;
}

/** Reckons in smaller units from now on. */
function refine(all: Forecasts, at: number, change: number): void {
  for (let index = last; index < scale; index += 1)
    all[at + index] = (all[at + index] ?? 0) * powerOfTen(change);
  all[at + scale] = (all[at + scale] ?? 0) - change;
}

function guess(all: Forecasts, at: number): number {
  const guessed = guessBy(all, at, bestWay(all, at));
  return Math.abs(guessed) <= mostDigits ? guessed : (all[at + last] ?? 0);
}

function guessBy(all: Forecasts, at: number, way: number): number {
  const lastValue = all[at + last] ?? 0;
  if (way === 0) return lastValue;
  return way === 1 ? lastValue + (all[at + step] ?? 0) : Math.round(all[at + average] ?? 0);
}

/** The way of guessing that missed by the least lately; of equals the first. */
function bestWay(all: Forecasts, at: number): number {
  let best = 0;
  for (let way = 1; way < ways; way += 1)
    if ((all[at + missBy + way] ?? 0) < (all[at + missBy + best] ?? 0)) best = way;
  return best;
}

/** The greatest order whose power of two is not above what the best way usually misses by. */
function orderOf(all: Forecasts, at: number): number {
  const miss = all[at + missBy + bestWay(all, at)] ?? 0;
  let order = 0;
  while (order < 40 && powerOfTwo(order + 1) <= miss) order += 1;
  return order;
}

function learn(all: Forecasts, at: number, value: number): void {
  const lastValue = all[at + last] ?? 0;
  for (let way = 0; way < ways; way += 1) {
    const miss = all[at + missBy + way] ?? 0;
    all[at + missBy + way] = miss + missWeight * (2 * Math.abs(value - guessBy(all, at, way)) - miss);
  }
  all[at + step] = value - lastValue;
  all[at + last] = value;
  all[at + average] = (all[at + average] ?? 0) + averageWeight * (value - (all[at + average] ?? 0));
}

/** Distances to both sides as whole numbers from zero: 0, -1, 1, -2, 2… */
function folded(distance: number): number {
  return distance < 0 ? -2 * distance - 1 : 2 * distance;
}

function unfolded(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
