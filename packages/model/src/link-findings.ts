import { type LinkKind, type LinkState, lessonNeeds } from './link.ts';
import { isCached, type Outcome } from './link-outcome.ts';

/** What probes show of one link at one moment, added up. Times in seconds. */
type Sum = {
  /**
   * Since when nothing comes back to any of them: never (∞) where something does, ever (−∞) where there are none. Those whose answers
   * may come from a cache are told apart.
   */
  silentSince: number;
  cacheSilentSince: number;
  /** Whether all find what a lesson needs. */
  meetsNeeds: boolean;
  /** The newest run. */
  measuredAt: number;
  /** The newest run to which something came back that no cache can give, and the newest such that found what a lesson needs. */
  reachedAt: number;
  wellReachedAt: number;
};

/**
 * Two lost packets of ten are no loss of 20 %: STAMP sends them in pairs, and one fade takes both. So many it takes until one pair
 * alone stays within what a lesson bears.
 */
const enoughPackets = 2 / lessonNeeds.lossRatio;
/** Loss of longer ago is not the present one. Seconds. */
const lossWindowS = 300;
/** Probes run every ten seconds, take some, and do not begin together: what lies within is the same time. Seconds. */
const sameTimeS = 15;
/** What came through shows for so long that a path is there: outside lessons something does once a minute. Seconds. */
const passedFreshS = 150;
const never = Number.POSITIVE_INFINITY;
const ever = Number.NEGATIVE_INFINITY;

const nothing: Readonly<Sum> = {
  silentSince: ever,
  cacheSilentSince: ever,
  meetsNeeds: true,
  measuredAt: ever,
  reachedAt: ever,
  wellReachedAt: ever,
};

/** Whether what a probe found is what a lesson needs. @param outcomes of its last runs, the newest first */
export function isEnough(outcomes: readonly Outcome[]): boolean {
  const [newest] = outcomes;
  return newest?.ok === true && !newest.poor && !loses(outcomes, newest.time);
}

/**
 * What an agent's probes show at one moment, added up link by link: what is added costs the same however much was added before, and a
 * state is read from the sums.
 */
export class LinkFindings {
  readonly #sums = new Map<LinkKind, Sum>();

  /** What one probe shows against one target. @param outcomes of its last runs, the newest first */
  add(link: LinkKind, measurement: string, outcomes: readonly Outcome[]): void {
    const [newest] = outcomes;
    if (newest === undefined) return;
    const { reached, time } = newest;
    const sum = this.#sumOf(link);
    const meetsNeeds = isEnough(outcomes);
    sum.meetsNeeds &&= meetsNeeds;
    sum.measuredAt = Math.max(sum.measuredAt, time);
    const since = reached ? never : silentSinceIn(outcomes);
    if (isCached(measurement)) {
      sum.cacheSilentSince = Math.max(sum.cacheSilentSince, since);
      return;
    }
    sum.silentSince = Math.max(sum.silentSince, since);
    if (reached) sum.reachedAt = Math.max(sum.reachedAt, time);
    if (reached && meetsNeeds) sum.wellReachedAt = Math.max(sum.wellReachedAt, time);
  }

  addAll(others: LinkFindings): void {
    for (const [link, other] of others.#sums) {
      const sum = this.#sumOf(link);
      sum.silentSince = Math.max(sum.silentSince, other.silentSince);
      sum.cacheSilentSince = Math.max(sum.cacheSilentSince, other.cacheSilentSince);
      sum.meetsNeeds &&= other.meetsNeeds;
      sum.measuredAt = Math.max(sum.measuredAt, other.measuredAt);
      sum.reachedAt = Math.max(sum.reachedAt, other.reachedAt);
      sum.wellReachedAt = Math.max(sum.wellReachedAt, other.wellReachedAt);
    }
  }

  /**
   * The state of each link of which there is a finding.
   * @param now seconds, on the clock of the samples
   * @param passedAt when the agent and its hub heard from each other
   */
  states(now: number, passedAt: number): Map<LinkKind, LinkState> {
    const lastPassed = now - passedAt > passedFreshS ? ever : passedAt;
    const broadband = this.#sums.get('broadband') ?? nothing;
    const states = new Map<LinkKind, LinkState>();
    for (const [link, all] of this.#sums) {
      const own = stateOf(all);
      if (own !== 'down') states.set(link, own);
      else if (link === 'broadband') states.set(link, isSince(all, lastPassed) ? 'degraded' : 'down');
      else states.set(link, link === 'lan' ? behindSilence(all, broadband, lastPassed) : 'down');
    }
    return states;
  }

  #sumOf(link: LinkKind): Sum {
    const known = this.#sums.get(link) ?? { ...nothing };
    this.#sums.set(link, known);
    return known;
  }
}

/**
 * All failed → `down`; some failed, or one misses what a lesson needs → `degraded`. Answers that may come from a cache
 * do not hold a link up where nothing else answers.
 */
function stateOf(all: Sum): LinkState {
  if (allSilentSince(all) !== never) return 'down';
  return all.meetsNeeds ? 'good' : 'degraded';
}

/**
 * A gateway may forward and be silent itself. Where something far beyond it answers, the LAN is there, and as good as
 * the best of what goes through it.
 */
function behindSilence(lan: Sum, broadband: Sum, passedAt: number): LinkState {
  const isMeanwhile = (time: number): boolean => isSince(lan, time) || lan.measuredAt - time <= sameTimeS;
  if (isMeanwhile(broadband.wellReachedAt)) return 'good';
  return isMeanwhile(broadband.reachedAt) || isSince(lan, passedAt) ? 'degraded' : 'down';
}

/** Whether the time is one when all of these had failed for a while: a run that fails takes some seconds to. */
function isSince(failing: Sum, time: number): boolean {
  return allSilentSince(failing) + sameTimeS <= time;
}

/** What decides between up and down: all but answers that may come from a cache, unless there is nothing else. */
function allSilentSince({ silentSince, cacheSilentSince }: Sum): number {
  return silentSince === ever ? cacheSilentSince : silentSince;
}

/** When the runs began to which nothing came back. */
function silentSinceIn(outcomes: readonly Outcome[]): number {
  let since = never;
  for (const { reached, time } of outcomes) {
    if (reached) break;
    since = time;
  }
  return since;
}

/**
 * Whether more is lost than a lesson bears, over the newest runs that hold enough packets. Fewer are judged as if the
 * rest had arrived. A run that lost all shows at once by failing, and is no part of the loss when the link is back.
 * @param last when the newest was; time may run either way from there
 */
function loses(outcomes: readonly Outcome[], last: number): boolean {
  let sent = 0;
  let lost = 0;
  for (const outcome of outcomes) {
    if (sent >= enoughPackets || Math.abs(last - outcome.time) > lossWindowS) break;
    if (!outcome.ok) continue;
    sent += outcome.sent;
    lost += outcome.sent - outcome.received;
  }
  return lost > lessonNeeds.lossRatio * Math.max(sent, enoughPackets);
}
