import type { MeasurementName } from '@tongtang/model/catalogue';
import type { Fields } from '@tongtang/model/sample';
import { describe, expect, it } from 'vitest';
import { isTurn, LinkWatch } from './state-change.ts';

const outcome = (
  fields: Fields,
  target = 'hub',
  link = 'broadband',
  measurement: MeasurementName = 'stamp',
) => ({
  measurement,
  tags: { link, target },
  fields,
});
const good = outcome({ ok: true, sent: 10, received: 10, rtt_ms: 20, jitter_ms: 1 });
const failure: Fields = { ok: false, failure: 'path' };
const lost = outcome(failure);
const silent = outcome(failure, 'gateway', 'lan', 'ping');
const resolved = outcome({ ok: true }, 'resolver', 'broadband', 'dns');

describe('the state of a link as its agent sees it', () => {
  it('is told when it changes, and only then', () => {
    const watch = new LinkWatch();
    expect(watch.observe(good, 0, 10)).toEqual([{ link: 'broadband', from: 'unknown', to: 'good' }]);
    expect(watch.observe(good, 10, 10)).toEqual([]);
    expect(watch.observe(lost, 20, 10)).toEqual([{ link: 'broadband', from: 'good', to: 'down' }]);
    expect(watch.observe(good, 30, 10)).toEqual([{ link: 'broadband', from: 'down', to: 'good' }]);
    expect(watch.states()).toEqual({ broadband: 'good' });
  });

  it('is unknown, and not left out, while its probe finds out nothing; nobody is told of that', () => {
    const watch = new LinkWatch();
    const unanswered = outcome({ ok: false, failure: 'target' }, 'ird', 'satellite', 'signal');
    expect(watch.observe(unanswered, 0, 10)).toEqual([]);
    expect(watch.states()).toEqual({ satellite: 'unknown' });
    expect([...watch.sinceS()]).toEqual([]);
    expect(watch.count).toBe(1);
    watch.observe(outcome({ ok: true, locked: true }, 'ird', 'satellite', 'signal'), 10, 10);
    watch.observe(unanswered, 50, 10);
    expect(watch.states()).toEqual({ satellite: 'unknown' });
    expect([...watch.sinceS()]).toEqual([['satellite', 50]]);
  });

  it('is of no account while only a route or a test of the bandwidth was told', () => {
    const watch = new LinkWatch();
    watch.observe(outcome({ ok: true }, 'bandwidth', 'broadband', 'throughput'), 0, 10);
    expect(watch.states()).toEqual({});
  });

  it('keeps links apart', () => {
    const watch = new LinkWatch();
    watch.observe(lost, 0, 10);
    watch.observe(outcome({ ok: true }, 'gateway', 'lan', 'ping'), 0, 10);
    expect(watch.states()).toEqual({ broadband: 'down', lan: 'good' });
  });

  it('tells of one link what an outcome of another explains', () => {
    const watch = new LinkWatch();
    expect(watch.observe(silent, 0, 10)).toEqual([{ link: 'lan', from: 'unknown', to: 'down' }]);
    expect(watch.observe(good, 4, 10)).toEqual([
      { link: 'lan', from: 'down', to: 'good' },
      { link: 'broadband', from: 'unknown', to: 'good' },
    ]);
    watch.observe(silent, 10, 10);
    expect(watch.observe(lost, 14, 10)).toEqual([
      { link: 'lan', from: 'good', to: 'down' },
      { link: 'broadband', from: 'good', to: 'down' },
    ]);
  });

  it('is down with the Internet although a resolver in the school answers, unless the hub is heard', () => {
    const watch = new LinkWatch();
    watch.observe(resolved, 0, 30);
    watch.observe(good, 0, 10);
    watch.observe(lost, 10, 10);
    watch.observe(resolved, 30, 30);
    watch.observe(lost, 30, 10);
    expect(watch.states().broadband).toBe('down');
    expect(watch.passed(31)).toEqual([{ link: 'broadband', from: 'down', to: 'degraded' }]);
  });

  it('is not degraded by one lost pair of packets', () => {
    const watch = new LinkWatch();
    watch.observe(good, 0, 10);
    expect(watch.observe(outcome({ ...good.fields, received: 8 }), 10, 10)).toEqual([]);
    expect(watch.observe(outcome({ ...good.fields, received: 9 }), 20, 10)).toEqual([
      { link: 'broadband', from: 'good', to: 'degraded' },
    ]);
  });

  it('forgets an outcome that was not renewed for three intervals', () => {
    const watch = new LinkWatch();
    watch.observe(outcome(failure, 'gone'), 0, 10);
    watch.observe(good, 25, 10);
    expect(watch.states().broadband).not.toBe('good');
    watch.observe(good, 35, 10);
    expect(watch.states().broadband).toBe('good');
  });

  it('is unknown when nothing measures it any more', () => {
    const watch = new LinkWatch();
    watch.observe(outcome({ ok: true }, 'library', 'platform', 'http'), 0, 10);
    expect(watch.observe(good, 31, 10)).toContainEqual({ link: 'platform', from: 'good', to: 'unknown' });
  });

  it('is not changed by a failure of the agent itself, nor by readings of no link', () => {
    const watch = new LinkWatch();
    watch.observe(good, 0, 10);
    expect(watch.observe(outcome({ ok: false, failure: 'agent' }, 'other'), 5, 10)).toEqual([]);
    expect(watch.observe({ measurement: 'host', tags: {}, fields: { uptime_s: 1 } }, 6, 10)).toEqual([]);
    expect(watch.states()).toEqual({ broadband: 'good' });
  });
});

describe('a turn', () => {
  it.each([
    ['good', 'down', true],
    ['degraded', 'good', true],
    ['unknown', 'down', true],
    ['unknown', 'good', false],
    ['down', 'unknown', false],
  ] as const)('from %s to %s: %s', (from, to, turn) => {
    expect(isTurn({ link: 'broadband', from, to })).toBe(turn);
  });
});
