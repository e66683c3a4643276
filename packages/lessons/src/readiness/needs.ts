import type { LessonToCheck, ReadinessItem } from '@tongtang/model/readiness';

/** `must`: without it there is no lesson. `may`: it does well without, for a time. */
export type Need = 'must' | 'may';

type Way = 'live/satellite' | 'live/broadband' | 'recorded' | 'embedded';

/**
 * What a lesson needs, by its mode and what carries it (section 7 of the design): a live one satellite and stream, or broadband where that
 * carries it; a recorded one its files, and nothing that comes over a line while it is on; an embedded one platform and PC.
 */
export const needs: Readonly<Record<Way, Readonly<Partial<Record<ReadinessItem, Need>>>>> = {
  'live/satellite': {
    pc: 'must',
    clock: 'may',
    disk: 'may',
    lan: 'must',
    broadband: 'may',
    satellite: 'must',
    stream: 'must',
  },
  'live/broadband': { pc: 'must', clock: 'may', disk: 'may', lan: 'must', broadband: 'must' },
  recorded: { pc: 'must', clock: 'may', disk: 'must', files: 'must', broadband: 'may' },
  embedded: { pc: 'must', clock: 'may', disk: 'may', lan: 'must', broadband: 'must', platform: 'must' },
};

/** The needs of a lesson. */
export function needsOf({
  mode,
  carrier,
}: Pick<LessonToCheck, 'mode' | 'carrier'>): Readonly<Partial<Record<ReadinessItem, Need>>> {
  return needs[mode === 'live' ? (`live/${carrier}` as const) : mode];
}

/** The Sun takes what comes by satellite while it comes: files of a recorded lesson came before. */
export function isUnderTheSun({ mode, carrier }: Pick<LessonToCheck, 'mode' | 'carrier'>): boolean {
  return mode === 'live' && carrier === 'satellite';
}
