import type { LessonToCheck } from '@tongtang/model/readiness';
import type { Facts } from './facts.ts';

/** Monday, 30 November 2026, 10:05 in Qilian. */
export const now = Date.parse('2026-11-30T10:05:00+08:00') / 1000;

/** A lesson that begins in a quarter of an hour. */
export function lessonWith(more: Partial<LessonToCheck> = {}): LessonToCheck {
  return { mode: 'live', carrier: 'satellite', start: now + 900, end: now + 3300, ...more };
}

const known = <Value>(value: Value) => ({ value, at: now - 30 });

/** All is well, and was measured half a minute ago. */
export const well: Facts = {
  pc: { state: 'on' },
  clockOffsetMs: known(120),
  diskFreeBytes: known(81e9),
  links: {
    lan: known('good'),
    broadband: known('good'),
    satellite: known('good'),
    stream: known('good'),
    platform: known('good'),
  },
  marginDb: known(6.2),
};
