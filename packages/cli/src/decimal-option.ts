import { InvalidArgumentError } from 'commander';

/**
 * Reads the value of a flag as a number within limits. Commander names the flag and what was given.
 * @param what the number is: its unit, or what else a person may have mistaken it for
 */
export function decimalBetween(least: number, most: number, what: string): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}: ${what}`);
  };
}

/** The same for a whole number. */
export function integerBetween(least: number, most: number, what: string): (text: string) => number {
  const decimal = decimalBetween(least, most, what);
  return (text) => {
    const value = decimal(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}: ${what}`);
  };
}
