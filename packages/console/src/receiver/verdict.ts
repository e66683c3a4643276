import type { Limit, Sample } from '../api/answers.ts';
import type { ShownState } from '../design/state.tsx';

/**
 * What to make of a receiver's newest reading. That it does not answer says nothing of its dish, and that it has no lock says
 * that it answers: they are mended in different places.
 */
export type Verdict =
  /** Nothing is known of now. */
  | 'old'
  /** This machine cannot ask: a setting, a secret or a tool is missing. */
  | 'unasked'
  | 'unanswered'
  | 'unlocked'
  /** Locked, and less above the threshold than a lesson needs. */
  | 'weak'
  /** Locked, and packets were beyond correction. */
  | 'erring'
  | 'good';

export const verdictStates: Readonly<Record<Verdict, ShownState>> = {
  old: 'unknown',
  unasked: 'unknown',
  unanswered: 'lost',
  unlocked: 'down',
  weak: 'degraded',
  erring: 'degraded',
  good: 'good',
};

/** No probe's reading counts for longer, in seconds: as with the state of links. */
const longestFreshS = 900;

/**
 * @param limits of the margin, the strictest first
 * @param now hub time in seconds
 */
export function verdictOf({ time, fields }: Sample, limits: readonly Limit[], now: number): Verdict {
  const { locked, failure, margin_db: margin, uncorrected } = fields;
  if (now - time > longestFreshS) return 'old';
  if (typeof locked !== 'boolean') return failure === 'agent' ? 'unasked' : 'unanswered';
  if (!locked) return 'unlocked';
  if (typeof margin === 'number' && margin < (limits[0]?.below ?? Number.NEGATIVE_INFINITY)) return 'weak';
  return typeof uncorrected === 'number' && uncorrected > 0 ? 'erring' : 'good';
}

/** The threshold of the modulation in dB, as the margin was reckoned from it; undefined where there is no margin of C/N. */
export function thresholdOf({ fields }: Sample): number | undefined {
  const { cn_db: cn, margin_db: margin } = fields;
  return typeof cn === 'number' && typeof margin === 'number' ? cn - margin : undefined;
}
