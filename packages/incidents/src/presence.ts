import type { AgentEvidence, Word } from './agent-evidence.ts';
import { limits } from './thresholds.ts';
import { firstFrom } from './time-order.ts';
import type { Timing } from './timing.ts';

/** What an agent says of itself; `offline` is said by its will. */
export type Status = 'online' | 'stopping' | 'asleep' | 'offline';

/**
 * A time in which an agent did not measure. `off`: it said so in order. `asleep`: it said so, or found it out when it woke.
 * `silent`: without a word. Without `to` it goes on.
 */
export type Pause = Readonly<{
  from: number;
  to?: number;
  why: 'off' | 'asleep' | 'silent';
  /** The machine itself closed the connection: it was alive, its agent was not. */
  endedByItself: boolean;
  /** The machine was started anew in it, or was not; absent where that was not told. */
  rebooted?: boolean;
  /** When it is silence: nothing was heard for so long. */
  firedAt: number;
  /** From when on it can have gone with others. */
  joinsAt: number;
}>;

/** How long after the last sample of a batch the word about it may come. Seconds. */
const wordAfterS = 130;

/**
 * The pauses of an agent that had not ended before a time, and began before another, in order.
 * @param now hub time in seconds: the later of the two
 */
export function pausesOf(
  evidence: AgentEvidence,
  since: number,
  now: number,
  timing: Timing,
  school: string,
): Pause[] {
  const { list } = evidence.sessions;
  // A pause ends with the session after it; months of sessions are passed over.
  const first = Math.max(
    0,
    list.findLastIndex(({ from }) => from < since),
  );
  const last = firstFrom(list, now, ({ to }) => to);
  return list.slice(first, last).flatMap((session, index): Pause[] => {
    const next = list[first + index + 1];
    const from = session.to;
    // What was heard meanwhile says how long a report may take today; of what is over, all has been heard.
    const planned = timing.reportS(school, from);
    const reportS = next === undefined ? Math.max(planned, evidence.reportS) : planned;
    const silence = timing.isClose(school, from) ? limits.closeSilence : limits.restSilence;
    const joinsAt = from + limits.joinReports * reportS;
    if (next === undefined && now < joinsAt) return [];
    const to = next?.from;
    const word = wordOf(evidence.words, from, to);
    const asleep = word?.state === 'asleep' || (to !== undefined && evidence.sleptThrough(from, to));
    return [
      {
        from,
        ...(to !== undefined && { to }),
        why: word?.state === 'stopping' ? 'off' : asleep ? 'asleep' : 'silent',
        endedByItself: word?.state === 'offline' && word.time <= from + limits.endedByItselfS,
        ...(next?.booted !== undefined && { rebooted: next.booted > from - limits.pauseS }),
        firedAt: from + silence * reportS,
        joinsAt,
      },
    ];
  });
}

/** What an agent said as a pause began, or its will did. */
function wordOf(words: readonly Word[], from: number, to = Number.POSITIVE_INFINITY): Word | undefined {
  for (let at = firstFrom(words, from - 15, ({ time }) => time); at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || word.time > from + wordAfterS || word.time >= to) return undefined;
    if (word.state !== 'online') return word;
  }
  return undefined;
}
