import { type MinuteState, minuteS } from './minute-state.ts';

/** What an agent said of itself, when the hub heard it; `offline` is said by its will. Hub time in seconds. */
export type Heard = Readonly<{ time: number; state: 'online' | 'stopping' | 'asleep' | 'offline' }>;

/** From a moment to a moment, exclusive. Hub time in seconds. */
export type Stretch = Readonly<{ from: number; to: number }>;

export type MachineInput = Stretch &
  Readonly<{
    /** When it measured anything, in order; from `marginS` before the stretch to as long after it. */
    times: readonly number[];
    /** In any order. */
    heard: readonly Heard[];
    /** When it was suspended, as it found out when it woke. */
    sleeps: readonly Stretch[];
    /** What it was in the minute before the stretch. */
    before: MinuteState;
  }>;

/**
 * How long after its last sample the word may come that it was switched off, for nothing to be unknown in between; and how far apart
 * samples are that count as measured without a pause. Outside lessons an agent sends once a minute, and one batch may be lost.
 */
export const bridgedS = 150;
/** The last samples are measured while it says goodbye. */
const partingS = 15;

/**
 * The minutes of a machine: `good` where its agent measured, `off` from the word that it stops until it measures again, `asleep` as it said,
 * or as it found out when it woke. A machine that fell silent without a word is `unknown` for as long as it tells nothing of that
 * time later.
 */
export function machineMinutes({ from, to, times, heard, sleeps, before }: MachineInput): MinuteState[] {
  const measured = new Set(times.map((time) => Math.floor(time / minuteS)));
  const words = heard.filter(({ state }) => state !== 'offline').toSorted((a, b) => a.time - b.time);
  const minutes: MinuteState[] = [];
  const first = times.findIndex((time) => time >= from);
  let next = first === -1 ? times.length : first;
  /** Words that were said by the minute in turn. */
  let heardBy = 0;
  let silent: MinuteState = before === 'off' || before === 'asleep' ? before : 'unknown';
  for (let start = from; start < to; start += minuteS) {
    const end = start + minuteS;
    while ((times[next] ?? Number.POSITIVE_INFINITY) < end) next += 1;
    if (measured.has(start / minuteS)) {
      minutes.push('good');
      silent = 'unknown';
      continue;
    }
    const [last, following] = [times[next - 1], times[next]];
    const isInTime = (time: number): boolean => time < end || (last !== undefined && time <= last + bridgedS);
    while (isInTime(words[heardBy]?.time ?? Number.POSITIVE_INFINITY)) heardBy += 1;
    const said = words[heardBy - 1];
    // What was said before the stretch is in what it was before, unless its last sample is newer.
    const isNew = said !== undefined && said.time >= (last === undefined ? from : last - partingS);
    if (isNew) silent = said.state === 'stopping' ? 'off' : said.state === 'asleep' ? 'asleep' : 'unknown';
    const isBridged = last !== undefined && following !== undefined && following - last <= bridgedS;
    if (isBridged && silent === 'unknown') minutes.push('good');
    else if (sleeps.some((sleep) => sleep.from < end && sleep.to > start)) minutes.push('asleep');
    else minutes.push(silent);
  }
  return minutes;
}
