import { isPlainDate } from '@tongtang/lessons/plain-date';
import type { PlainDate } from '@tongtang/model/timetable';
import { InvalidArgumentError } from 'commander';

/** Reads the value of a flag as a day. */
export function plainDate(text: string): PlainDate {
  if (isPlainDate(text)) return text;
  throw new InvalidArgumentError('It must be a date such as 2026-09-01');
}
