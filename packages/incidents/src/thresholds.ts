import type { Condition } from '@tongtang/model/incident';
import { lessonNeeds } from '@tongtang/model/link';

/** What is weighed beside the conditions that people read: where a failure stops. */
export type Sign = 'gateway-lost' | 'gateway-poor' | 'beyond-lost' | 'no-carrier';
export type Tracked = Exclude<Condition, 'silent'> | Sign;

/**
 * A condition fires when `need` of its last `of` values reach `fire`, and clears when `clearAfter` in a row are at `clear` or
 * better. `higher` or `lower` is worse. A yes/no reading is 1 where it is bad, and 2, counting twice, where something else bears it
 * out.
 */
export type Threshold = Readonly<{
  worse: 'higher' | 'lower';
  fire: number;
  clear: number;
  unit: string;
  need: number;
  of: number;
  clearAfter: number;
  /** Values further apart than this do not count together. Seconds. */
  freshS: number;
}>;

const yesNo = { worse: 'higher', fire: 1, clear: 0, unit: '', freshS: 150 } as const;

/** All thresholds of conditions; docs/incidents.md is made from them. */
export const thresholds: Readonly<Record<Tracked, Threshold>> = {
  // Ten packets and no reply, twice: one run may fall into a fade. Once is enough where no report came through meanwhile.
  'hub-lost': { ...yesNo, need: 2, of: 3, clearAfter: 2 },
  'gateway-lost': { ...yesNo, need: 2, of: 3, clearAfter: 2 },
  // 1 is a round trip of 50 ms within the school, or one packet of ten lost there.
  'gateway-poor': {
    worse: 'higher',
    fire: 1,
    clear: 0.5,
    unit: '× 50 ms, × 10 %',
    need: 4,
    of: 6,
    clearAfter: 4,
    freshS: 150,
  },
  // Platforms are asked every five minutes.
  'beyond-lost': { ...yesNo, need: 1, of: 1, clearAfter: 1, freshS: 900 },
  'no-carrier': { ...yesNo, need: 1, of: 1, clearAfter: 1 },
  // 1 is a round trip of 400 ms, or three packets of ten lost. One pair lost at random, of five, stays below.
  congested: {
    worse: 'higher',
    fire: 1,
    clear: 0.7,
    unit: '× 400 ms, × 30 %',
    need: 6,
    of: 10,
    clearAfter: 6,
    freshS: 150,
  },
  'lock-lost': { ...yesNo, need: 2, of: 3, clearAfter: 3, freshS: 300 },
  'signal-low': {
    worse: 'lower',
    fire: lessonNeeds.marginDb,
    clear: lessonNeeds.marginDb + 1,
    unit: 'dB',
    need: 3,
    of: 5,
    clearAfter: 5,
    freshS: 300,
  },
  'receiver-silent': { ...yesNo, need: 3, of: 3, clearAfter: 2, freshS: 300 },
  'stream-gone': { ...yesNo, need: 2, of: 3, clearAfter: 2, freshS: 300 },
  'stream-errors': {
    worse: 'higher',
    fire: lessonNeeds.lossRatio,
    clear: lessonNeeds.lossRatio / 2,
    unit: '1',
    need: 3,
    of: 5,
    clearAfter: 5,
    freshS: 300,
  },
  'disk-full': {
    worse: 'higher',
    fire: 0.97,
    clear: 0.93,
    unit: '1',
    need: 3,
    of: 3,
    clearAfter: 3,
    freshS: 300,
  },
  'clock-wrong': {
    worse: 'higher',
    fire: 30_000,
    clear: 5000,
    unit: 'ms',
    need: 3,
    of: 3,
    clearAfter: 3,
    freshS: 600,
  },
};

/** A school's own, by condition; what is absent is as everywhere. */
export type ThresholdOverrides = Readonly<
  Partial<Record<Tracked, Partial<Pick<Threshold, 'fire' | 'clear' | 'need' | 'of'>>>>
>;

/** What counts as 1 in the two conditions that weigh delay and loss together. Milliseconds, and shares of packets. */
export const units = {
  congested: { rttMs: lessonNeeds.rttMs, loss: 0.3 },
  // Within a school a round trip takes some milliseconds, over Wi-Fi some ten.
  'gateway-poor': { rttMs: 50, loss: 0.1 },
} as const;

/** All other times and shares, in seconds where the name ends in S. */
export const limits = {
  /** Nothing heard for so many reports is silence; in lessons, and outside, where one lost batch costs a minute. */
  closeSilence: 2,
  restSilence: 2.5,
  /** Whoever was not heard for so many reports went with the first; the wait that this takes before an incident opens. */
  joinReports: 1.3,
  holdReports: 0.3,
  /** An agent measures each ten seconds: a pause of more is one. */
  pauseS: 30,
  /** Where another school is lost at once, it is waited so long for the rest: reports come one after another. */
  wideHoldS: 20,
  /** Things that begin within this time began at once: runs that fail take up to ten seconds, and two must. */
  atOnceS: 45,
  /** What concerns one room waits so long: PCs are started anew, and switched off at the wall. */
  aloneS: 180,
  /** A receiver's signal may be read once a minute and its stream more often: so long they count together. */
  receptionS: 200,
  /** A stream waits so long for the word of its receiver. */
  streamHoldS: 30,
  congestionHoldS: 60,
  /** A margin that is low and takes nothing yet waits so long to show what it is: rain comes to many schools one after another. */
  weakHoldS: 180,
  /** What comes back within this time is the same incident. */
  reopenS: 600,
  /** What is found no more is withdrawn after so long: when a line is back, the newest comes first, and the proof behind it. */
  withdrawS: 30,
  /** So often within the reopening time is flapping. */
  flaps: 3,
  /** A county's or a provider's: this share of the schools that can be seen, and two at least. */
  wideShare: 0.8,
  wideSchools: 2,
  /** A connection that a machine itself closes is gone at once; one that is cut after 135 s (1.5 keep-alives of 90 s). */
  endedByItselfS: 110,
  /** How far from a predicted sun outage trouble may begin or end: clocks, and antennas that point a little aside. */
  sunS: 180,
  /** Points are kept so long for what comes late; what is older is replayed from the store. */
  keptS: 900,
  /** Signal readings, for their shape: rain may take hours. */
  readingsS: 5 * 3600,
  /** Without any edge in so many seconds around it, a replay may begin at a time. */
  quietS: 1800,
} as const;
