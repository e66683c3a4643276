import { lessonNeeds } from '@tongtang/model/link';

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
  /**
   * What fired longer ago and goes on is carried on as the incident that it is: on a weekend, PCs that were switched off at the wall are
   * silent for as long.
   */
  settledS: 2 * 86_400,
  /** An incident that began longer ago is judged no more: who was there then is about to be forgotten. */
  judgedS: 30 * 86_400,
  /** Signal readings, for their shape: rain may take hours. */
  readingsS: 5 * 3600,
  /** Without any edge in so many seconds around it, a replay may begin at a time. */
  quietS: 1800,
} as const;
