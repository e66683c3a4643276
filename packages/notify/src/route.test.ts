import { describe, expect, it } from 'vitest';
import { lessonIn, noticeOf, resolvedAfter, tuesday1002 } from './notice.fixture.ts';
import { fateOf } from './notifier.ts';
import type { Route } from './notify-file.ts';
import { isLessonAtRisk, mayGoFrom, waysOf } from './route.ts';

const now = tuesday1002 + 20;
const everywhere: Route = { name: 'all', to: ['group'] };
const leads = (route: Partial<Route>, notice = noticeOf(), at = now) =>
  waysOf({ routes: [{ ...everywhere, ...route }] }, notice, at).length > 0;
const countyWide = (() => {
  const { school: _, cluster: __, ...rest } = noticeOf();
  return rest;
})();

describe('a route', () => {
  it('leads out for its places only', () => {
    expect(leads({ counties: ['qilian'] })).toBe(true);
    expect(leads({ counties: ['menyuan'] })).toBe(false);
    expect(leads({ clusters: ['town'] })).toBe(true);
    expect(leads({ clusters: ['mountain'] })).toBe(false);
    expect(leads({ schools: ['arou', 'babao'] })).toBe(true);
    expect(leads({ schools: ['arou'] })).toBe(false);
  });

  it('leads out for what is wider than its places', () => {
    expect(leads({ clusters: ['mountain'] }, countyWide)).toBe(true);
    expect(leads({ schools: ['arou'] }, countyWide)).toBe(true);
    expect(leads({ schools: ['arou'] }, { ...countyWide, lessons: [lessonIn(60)] })).toBe(false);
    expect(leads({ schools: ['babao'] }, { ...countyWide, lessons: [lessonIn(60)] })).toBe(true);
  });

  it('leads out from its severity on', () => {
    expect(leads({ severity: 'warning' })).toBe(true);
    expect(leads({ severity: 'critical' })).toBe(false);
    expect(leads({ severity: 'critical' }, noticeOf({ severity: 'critical' }))).toBe(true);
  });

  it('leads out in its hours, by the clock of the county', () => {
    expect(leads({ hours: { from: '10:00', to: '10:03' } })).toBe(true);
    expect(leads({ hours: { from: '10:03', to: '18:00' } })).toBe(false);
  });

  it('that comes first has a channel to which several lead', () => {
    const routes = [everywhere, { name: 'more', to: ['group', 'mailbox'] }];
    expect(waysOf({ routes }, noticeOf(), now)).toEqual([
      { channel: 'group', route: 'all' },
      { channel: 'mailbox', route: 'more' },
    ]);
  });
});

describe('quiet hours', () => {
  const quiet = [{ from: '20:00', to: '07:30' }];
  const night = Date.parse('2026-09-02T02:00:00+08:00') / 1000;
  const morning = Date.parse('2026-09-02T07:30:00+08:00') / 1000;
  const lessonAt = (start: number) => ({ ...lessonIn(0), start, end: start + 2400 });

  it('hold until they end what is about no lesson', () => {
    expect(mayGoFrom({ quiet }, noticeOf(), night)).toBe(morning);
    expect(mayGoFrom({ quiet }, noticeOf(), morning)).toBe(morning);
    expect(mayGoFrom({}, noticeOf(), night)).toBe(night);
  });

  it('do not hold what is about a lesson that is on or begins within two hours', () => {
    for (const start of [night - 600, night + 7200]) {
      const notice = noticeOf({ lessons: [lessonAt(start)] });
      expect(mayGoFrom({ quiet }, notice, night)).toBe(night);
      expect(isLessonAtRisk(notice, night)).toBe(true);
    }
  });

  it('end early where a lesson comes near', () => {
    const notice = noticeOf({ lessons: [lessonAt(night + 3 * 3600)] });
    expect(mayGoFrom({ quiet }, notice, night)).toBe(night + 3600);
    expect(isLessonAtRisk(notice, night)).toBe(false);
  });

  it('hold what is about a lesson that is over', () => {
    expect(mayGoFrom({ quiet }, noticeOf({ lessons: [lessonAt(night - 2400)] }), night)).toBe(morning);
  });
});

describe('what becomes of a notice', () => {
  const settings = { routes: [everywhere], lateAfterS: 1800, channels: { group: channel() } };
  const told = [{ channel: 'group', route: 'all' }];

  it('goes by its routes', () => {
    expect(fateOf(noticeOf(), [], settings, now)).toEqual({ fate: 'routed', ways: told });
  });

  it('is recorded and goes nowhere where it lies too far back', () => {
    expect(fateOf(noticeOf(), [], settings, tuesday1002 + 1800).fate).toBe('routed');
    expect(fateOf(noticeOf(), [], settings, tuesday1002 + 1801)).toEqual({ fate: 'late', ways: [] });
  });

  it('of an end goes to all who know of the beginning, however late, and to nobody else', () => {
    const end = resolvedAfter(600);
    expect(fateOf(end, told, settings, tuesday1002 + 86_400)).toEqual({ fate: 'routed', ways: told });
    expect(fateOf(end, [], settings, tuesday1002 + 610)).toEqual({ fate: 'unrouted', ways: [] });
    expect(fateOf(end, [], settings, tuesday1002 + 86_400)).toEqual({ fate: 'late', ways: [] });
  });

  it('does not go to a channel that is no longer in the file', () => {
    expect(fateOf(resolvedAfter(600), [{ channel: 'gone', route: 'all' }], settings, now).ways).toEqual([]);
  });
});

function channel() {
  return {
    kind: 'wecom',
    language: 'zh' as const,
    limits: [],
    textBytes: 2048,
    send: () => Promise.reject(new Error('nothing is sent here')),
  };
}
