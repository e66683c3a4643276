/**
 * The E-model of ITU-T G.107 (06/2015) for what a probe can observe; everything else at the model's default. Pure.
 */

/** A codec as the model sees it. */
export type Codec = Readonly<{
  /** Ie, what it takes from the rating without any loss. */
  impairment: number;
  /** Bpl, how well it conceals losses. */
  lossRobustness: number;
}>;

/** What voice meets from mouth to ear. */
export type VoicePath = Readonly<{
  /** Ta, from mouth to ear, in milliseconds. */
  delayMs: number;
  /** Ppl in percent, packets that came too late to be played among them. */
  lossPercent: number;
  /** BurstR: how long losses last, beside random ones. 1 where they are random, never less. */
  burstRatio: number;
}>;

/** Ro − Is with the defaults of G.107 (clause 7.7), and no advantage factor: services are to be compared. */
const undisturbed = 93.2;
/** sT and mT of the default class of delay sensitivity (table 1), for listeners of whom nothing is known. */
const delaySensitivity = 1;
const leastPerceivedMs = 100;
/** Where all is lost (equation 7-29). */
const worstImpairment = 95;

/**
 * R, the transmission rating (equation 7-1): 93.2 at best, no less than 0 within the limits of the model. It computes
 * beyond them, too: whoever asks has to know them.
 */
export function transmissionRating(path: VoicePath, codec: Codec): number {
  return undisturbed - delayImpairment(path.delayMs) - lossImpairment(path, codec);
}

/** Idd (equations 7-27 and 7-28). The usual straight lines instead are far off over a satellite. */
function delayImpairment(delayMs: number): number {
  if (delayMs <= leastPerceivedMs) return 0;
  const x = Math.log2(delayMs / leastPerceivedMs);
  const power = 6 * delaySensitivity;
  const bend = (value: number): number => (1 + value ** power) ** (1 / power);
  return 25 * (bend(x) - 3 * bend(x / 3) + 2);
}

/** Ie,eff (equation 7-29). */
function lossImpairment({ lossPercent, burstRatio }: VoicePath, codec: Codec): number {
  const { impairment, lossRobustness } = codec;
  const felt = lossPercent / (lossPercent / burstRatio + lossRobustness);
  return impairment + (worstImpairment - impairment) * felt;
}
