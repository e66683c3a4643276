import type { Fields } from '@tongtang/model/sample';
import { describe, expect, it } from 'vitest';
import { LinkWatch } from './state-change.ts';

const outcome = (fields: Fields, target = 'hub', link = 'broadband') => ({
  measurement: 'stamp' as const,
  tags: { link, target },
  fields,
});
const good = outcome({ ok: true, loss_ratio: 0, rtt_ms: 20, jitter_ms: 1 });
const lost = outcome({ ok: false, failure: 'path' });

describe('the state of a link as its agent sees it', () => {
  it('is told when it changes, and only then', () => {
    const watch = new LinkWatch();
    expect(watch.observe(good, 0, 10)).toEqual({ link: 'broadband', from: 'unknown', to: 'good' });
    expect(watch.observe(good, 10, 10)).toBeUndefined();
    expect(watch.observe(lost, 20, 10)).toEqual({ link: 'broadband', from: 'good', to: 'down' });
    expect(watch.observe(good, 30, 10)).toEqual({ link: 'broadband', from: 'down', to: 'good' });
    expect(watch.states()).toEqual({ broadband: 'good' });
  });

  it('keeps links apart', () => {
    const watch = new LinkWatch();
    watch.observe(good, 0, 10);
    watch.observe(outcome({ ok: false, failure: 'path' }, 'gateway', 'lan'), 0, 10);
    expect(watch.states()).toEqual({ broadband: 'good', lan: 'down' });
  });

  it('forgets an outcome that was not renewed for three intervals', () => {
    const watch = new LinkWatch();
    watch.observe(outcome({ ok: false, failure: 'path' }, 'gone'), 0, 10);
    watch.observe(good, 25, 10);
    expect(watch.states().broadband).not.toBe('good');
    watch.observe(good, 35, 10);
    expect(watch.states().broadband).toBe('good');
  });

  it('is not changed by a failure of the agent itself, nor by readings of no link', () => {
    const watch = new LinkWatch();
    watch.observe(good, 0, 10);
    expect(watch.observe(outcome({ ok: false, failure: 'agent' }, 'other'), 5, 10)).toBeUndefined();
    expect(watch.observe({ measurement: 'host', tags: {}, fields: { uptime_s: 1 } }, 6, 10)).toBeUndefined();
    expect(watch.states()).toEqual({ broadband: 'good' });
  });
});
