import type { IncidentRecord } from '@tongtang/store/incidents/incident-store';
import { describe, expect, it } from 'vitest';
import { brokenAt, recordOf } from './record.fixture.ts';
import { sayingOf, toldOf } from './telling.ts';

/** Seconds after something broke. */
const after = (seconds: number): number => brokenAt + seconds;
const kindAt = (record: IncidentRecord, seconds: number) => sayingOf(record, after(seconds))?.kind;

/** As it is when what there is to say has been said. */
function told(record: IncidentRecord, seconds: number): IncidentRecord {
  const saying = sayingOf(record, after(seconds));
  if (saying === undefined) throw new Error('there is nothing to say');
  return { ...record, telling: toldOf(record, saying, after(seconds)) };
}
const critical = recordOf({ severity: 'critical' });
const opened = told(critical, 25);
/** It came back, and was told to be over before. */
function backAt(seconds: number, flapping = false): IncidentRecord {
  const over = told({ ...opened, to: after(700), state: 'resolved' }, 705);
  const { to: _, ...again } = { ...over, state: 'open' } as const;
  const history = [...again.history, { time: after(seconds), what: 'reopened' } as const];
  return { ...again, flapping, history };
}

describe('people', () => {
  it('are told of an incident once, and once that it is over', () => {
    expect(sayingOf(critical, after(25))).toEqual({ kind: 'opened', at: after(20) });
    expect(opened.telling.step).toBe(1);
    expect(kindAt(opened, 30)).toBeUndefined();
    const over = { ...opened, to: after(700), state: 'resolved' } as const;
    expect(sayingOf(over, after(705))).toEqual({ kind: 'resolved', at: after(700) });
    expect(told(over, 705).telling.step).toBe(2);
    expect(kindAt(told(over, 705), 800)).toBeUndefined();
  });

  it('are told at once where a lesson is hit, else of what has lasted a minute', () => {
    expect(kindAt(recordOf(), 25)).toBeUndefined();
    expect(sayingOf(recordOf(), after(80))).toEqual({ kind: 'opened', at: after(20) });
    expect(kindAt(recordOf({ to: after(55), state: 'resolved' }), 80)).toBeUndefined();
  });

  it('are told that it came back when it stays, or comes and goes, and that it was nothing', () => {
    expect(kindAt(backAt(800), 830)).toBeUndefined();
    expect(kindAt(backAt(800), 860)).toBe('opened');
    expect(kindAt(backAt(800, true), 801)).toBe('opened');
    const withdrawn = { ...opened, to: after(60), state: 'withdrawn' } as const;
    expect(kindAt(withdrawn, 70)).toBe('resolved');
  });

  it('are told once that it turned out to be a part of another, and not that it is over', () => {
    const history = [{ time: after(60), what: 'joined', into: 'q7x2' } as const];
    const joined = { ...opened, to: after(60), state: 'joined', history } as const;
    expect(kindAt(joined, 70)).toBe('updated');
    expect(kindAt(told(joined, 70), 900)).toBeUndefined();
    expect(kindAt(recordOf({ to: after(60), state: 'joined', history }), 70)).toBeUndefined();
  });

  it('are not told of what was over when it was found', () => {
    expect(kindAt(recordOf({ to: after(100), state: 'resolved' }), 110)).toBeUndefined();
    expect(kindAt(recordOf({ to: after(100), state: 'withdrawn' }), 110)).toBeUndefined();
  });

  it('are told of what was found late only where it still goes on after a while', () => {
    const late = recordOf({ telling: { foundAt: after(3600), step: 0 } });
    expect(kindAt(late, 3610)).toBeUndefined();
    expect(sayingOf(late, after(3900))).toEqual({ kind: 'opened', at: after(3900) });
  });

  it('are told where it is found to be something else, not in the first two minutes', () => {
    const other = { ...opened, cause: 'line-or-power' } as const;
    expect(kindAt(other, 60)).toBeUndefined();
    expect(kindAt(other, 150)).toBe('updated');
    expect(kindAt(told(other, 150), 400)).toBeUndefined();
  });

  it('are told what it is found to be when that has been so for a minute: machines come back one by one', () => {
    const found = { time: after(600), what: 'found' } as const;
    const other = { ...opened, cause: 'line-or-power', history: [...opened.history, found] } as const;
    expect(kindAt(other, 630)).toBeUndefined();
    expect(kindAt(other, 660)).toBe('updated');
  });

  it('are told at once where it matters more than it did, and not where it matters less', () => {
    const graver = { ...told(recordOf(), 85), severity: 'critical' } as const;
    expect(kindAt(graver, 90)).toBe('updated');
    const less = { ...told(graver, 90), severity: 'info' } as const;
    expect(kindAt(less, 4000)).toBeUndefined();
  });

  it('are told that what comes and goes is over when it has stayed away', () => {
    const flapping = { ...opened, flapping: true, to: after(700), state: 'resolved' } as const;
    expect(kindAt(flapping, 800)).toBeUndefined();
    expect(kindAt(flapping, 1300)).toBe('resolved');
  });

  it('hear no more of what somebody closed, and never that the hub was away', () => {
    expect(kindAt({ ...opened, state: 'closed' }, 300)).toBeUndefined();
    expect(kindAt({ ...opened, state: 'closed', to: after(400) }, 410)).toBeUndefined();
    expect(kindAt(recordOf({ row: 'hub-was-away' }), 30)).toBeUndefined();
  });
});
