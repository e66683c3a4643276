/**
 * Reads what `ping` prints, in whatever display language: only signs, numbers and units are looked at, and in every
 * code page that Windows may print (GBK read as Latin-1 included) these are ASCII.
 */
export type PingReport = Readonly<{
  /** Absent where the program ended without its statistics. */
  sent?: number;
  /** Round-trip times in milliseconds, one for each packet answered; duplicates are left out. */
  rttsMs: readonly number[];
  /** Packets that a router or this machine said it cannot deliver. */
  undeliverable: number;
}>;

/** @param output standard output, whole or cut off anywhere */
export function parsePing(output: string): PingReport {
  const rttsMs: number[] = [];
  const answered = new Set<string>();
  let undeliverable = 0;
  let sent: number | undefined;
  for (const line of output.split(/\r?\n/)) {
    const rttMs = rttOf(line);
    const sequence = /seq=(\d+)/.exec(line)?.[1];
    if (rttMs !== undefined) {
      if (sequence === undefined || !answered.has(sequence)) rttsMs.push(rttMs);
      if (sequence !== undefined) answered.add(sequence);
    } else if (saysUndeliverable(line, sequence)) undeliverable += 1;
    else sent ??= sentOf(line);
  }
  return { ...(sent !== undefined && { sent }), rttsMs, undeliverable };
}

/** `time=0.04 ms`, `时间<1ms`, `Zeit=7ms`, `时间=0.030 毫秒`. The spaces of `Minimum = 1ms` tell the statistics. */
const roundTrip = /[^\s=<][=<](\d+(?:[.,]\d+)?) ?(?:ms|毫秒)/i;

/** "Less than 1 ms" is what a clock of 1 ms says of anything from 0 to 1. */
function rttOf(line: string): number | undefined {
  const [whole, digits] = roundTrip.exec(line) ?? [];
  if (whole === undefined || digits === undefined) return undefined;
  const value = Number(digits.replace(',', '.'));
  return whole.includes('<') ? value / 2 : value;
}

/** `Packets: Sent = 4, Received = 3, …` of Windows; `4 packets transmitted, … 25% packet loss` of the others. */
function sentOf(line: string): number | undefined {
  const [first, ...rest] = line.match(/ = \d+/g) ?? [];
  if (first !== undefined && rest.length === 2 && !/\dms/.test(line)) return Number(first.slice(3));
  const leading = /^\D*(\d+) .*%/.exec(line)?.[1];
  return leading === undefined ? undefined : Number(leading);
}

const address = /\d+(?:\.\d+){3}|[\da-f]*(?::[\da-f]*){2,}/i;

/** `From 10.0.0.1 icmp_seq=1 Destination …` of iputils; `… 10.0.0.1 …: <text>` of the others. */
function saysUndeliverable(line: string, sequence: string | undefined): boolean {
  if (/^(?:PING|---)/.test(line) || !address.test(line)) return false;
  return sequence !== undefined || /: +\S/.test(line);
}
