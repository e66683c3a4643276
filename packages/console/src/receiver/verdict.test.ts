import { describe, expect, it } from 'vitest';
import type { FieldValue, Sample } from '../api/answers.ts';
import { thresholdOf, verdictOf } from './verdict.ts';

const limits = [3, 1.5, 0].map((below) => ({ below, title: { zh: '', en: '' } }));
const now = 10_000;
const reading = (fields: Readonly<Record<string, FieldValue>>, time = now - 30): Sample => ({
  measurement: 'signal',
  tags: { link: 'satellite', target: 'dish' },
  time,
  fields,
});
const verdict = (fields: Readonly<Record<string, FieldValue>>): string =>
  verdictOf(reading(fields), limits, now);

describe('the verdict on a receiver', () => {
  it('tells a dish without lock from a receiver that does not answer, and both from a machine that cannot ask', () => {
    expect(verdict({ ok: true, locked: false })).toBe('unlocked');
    expect(verdict({ ok: false, failure: 'path', error: 'timeout' })).toBe('unanswered');
    expect(verdict({ ok: false, failure: 'agent', error: 'no credentials' })).toBe('unasked');
  });

  it('is good with lock and the margin that a lesson needs, or with lock where no margin is known', () => {
    expect(verdict({ ok: true, locked: true, margin_db: 3, uncorrected: 0 })).toBe('good');
    expect(verdict({ ok: true, locked: true })).toBe('good');
    expect(verdict({ ok: true, locked: true, margin_db: 2.9 })).toBe('weak');
    expect(verdict({ ok: true, locked: true, margin_db: 5, uncorrected: 1 })).toBe('erring');
  });

  it('is none for a reading of long ago, whatever it said', () => {
    expect(verdictOf(reading({ ok: true, locked: true }, now - 901), limits, now)).toBe('old');
  });
});

describe('the threshold', () => {
  it('is what the margin is above, known with C/N alone', () => {
    expect(thresholdOf(reading({ cn_db: 12, margin_db: 3.5 }))).toBe(8.5);
    expect(thresholdOf(reading({ ebn0_db: 9, margin_db: 3.5 }))).toBeUndefined();
    expect(thresholdOf(reading({ cn_db: 12 }))).toBeUndefined();
  });
});
