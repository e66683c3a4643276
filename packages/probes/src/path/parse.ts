import { isIP } from 'node:net';

/** What one place on the way answered. */
export type Answer = Readonly<{
  address: string;
  /** Milliseconds of the first packet that was answered. Absent where none was timed. */
  rttMs?: number;
  /** It does not hand on packets to the target: no route, no host, forbidden. */
  refuses: boolean;
}>;

/** By distance, the nearest first; undefined where nothing answered. */
export type Trace = readonly (Answer | undefined)[];

/** No program is asked for more. */
const mostHops = 64;

/**
 * Reads what `traceroute` (of every make), `tracepath` and Windows' `tracert` print, in whatever display language: only
 * numbers, addresses and signs are looked at, and in every code page that Windows may print (GBK read as Latin-1
 * included) these are ASCII.
 *
 * @param output standard output with addresses instead of names, whole or cut off anywhere
 */
export function parseTrace(output: string): Trace {
  const trace: (Answer | undefined)[] = [];
  for (const line of output.split(/\r?\n/)) {
    const [, digits = '', rest = ''] = /^ *(\d{1,2}):? +(\S.*)$/.exec(line) ?? [];
    const hop = Number(digits);
    // tracepath speaks of a hop twice; whatever else begins with a number is none.
    const follows = hop === trace.length + 1;
    const again = hop === trace.length && trace[hop - 1] === undefined;
    if (hop === 0 || hop > mostHops || !(follows || again)) continue;
    trace[hop - 1] = answerIn(rest);
  }
  return trace;
}

/** `  12 ms    <1 毫秒    *     10.0.0.1`, `10.0.0.1  0.5 ms !N`, `10.0.0.1  reports: …`; undefined for silence. */
function answerIn(line: string): Answer | undefined {
  const words = line.trim().split(/\s+/);
  const address = words.find((word) => isIP(word) !== 0);
  if (address === undefined) return undefined;
  const rttMs = rttIn(line.replace(address, ' | '));
  return { address, ...(rttMs !== undefined && { rttMs }), refuses: rttMs === undefined || / !/.test(line) };
}

/** Windows says "less than 1 ms", which stands for anything from 0 to 1; and its `毫秒` may be any octets that are not ASCII. */
function rttIn(line: string): number | undefined {
  const [, less, digits = ''] = /(?:^|\s)(<?)(\d+(?:[.,]\d+)?) ?(?:ms|[\u0080-\uffff]+)/.exec(line) ?? [];
  if (less === undefined) return undefined;
  const value = Number(digits.replace(',', '.'));
  return less === '<' ? value / 2 : value;
}
