import { marginLimits } from '@tongtang/model/link';
import { type Modulation, thresholdEsN0Db } from './modcod.ts';

/** How far a signal is above what its modulation needs. */
export type LinkMargin = Readonly<{
  state: MarginState;
  /** Absent where there is no lock or no Es/N0. */
  marginDb?: number;
}>;

/** `unknown`: locked, and the receiver tells no Es/N0. */
export type MarginState = 'failed' | 'critical' | 'degraded' | 'good' | 'unknown';

/**
 * What a real receiver loses against the standard's figure, in dB. DVB-S2's figures are ideal ones: 0.5 to 1 dB is usual for
 * professional receivers, up to 2 dB for consumer tuners. DVB-S's hold for real demodulators already.
 */
export const implementationLossDb = { 'DVB-S2': 1, 'DVB-S': 0 } as const;

/**
 * The margin of a carrier.
 * @param lossDb what this receiver loses, where it is known better than {@link implementationLossDb}
 */
export function linkMargin(
  modulation: Modulation,
  reading: Readonly<{ locked: boolean; esN0Db?: number | undefined }>,
  lossDb: number = implementationLossDb[modulation.standard],
): LinkMargin {
  if (!reading.locked) return { state: 'failed' };
  if (reading.esN0Db === undefined) return { state: 'unknown' };
  const marginDb = reading.esN0Db - thresholdEsN0Db(modulation) - lossDb;
  return { state: stateOf(marginDb), marginDb };
}

function stateOf(marginDb: number): MarginState {
  if (marginDb < marginLimits.failed) return 'failed';
  if (marginDb < marginLimits.critical) return 'critical';
  return marginDb < marginLimits.degraded ? 'degraded' : 'good';
}
