import type { LinkKind } from '@tongtang/model/link';
import type { Fields } from '@tongtang/model/sample';
import { describe, expect, it } from 'vitest';
import { AgentView } from './agent-view.ts';
import type { LatestValue } from './live.ts';

const place = { county: 'qilian', school: 'hb3z', classroom: 'room-1', agent: 'pc-1' };
const now = 1_790_000_000;

const sample = (link: LinkKind, measurement: string, time: number, fields: Fields): LatestValue => ({
  measurement,
  tags: { link, target: link === 'lan' ? 'gateway' : 'hub' },
  time,
  fields,
});
const stamp = (time: number, lost: number) =>
  sample('broadband', 'stamp', time, { ok: lost < 10, sent: 10, received: 10 - lost });
const silent = (time: number) => sample('lan', 'ping', time, { ok: false, failure: 'path' });
/** What is measured in a minute. */
const minute = (of: (time: number) => LatestValue, end = now): LatestValue[] =>
  [50, 40, 30, 20, 10, 0].map((ago) => of(end - ago));

function linksOf(view: AgentView, at = now): Record<string, string> {
  const { links } = view.present('pc-1', place, at, () => undefined);
  return Object.fromEntries(links.map(({ link, state }) => [link, state]));
}

describe('the links of an agent as its hub sees them', () => {
  it('are judged like the agent does, from batches of a minute', () => {
    const view = new AgentView();
    view.observe([...minute(silent), ...minute((time) => stamp(time, time === now - 20 ? 1 : 0))], now);
    expect(linksOf(view)).toEqual({ lan: 'good', broadband: 'good' });
  });

  it('are not down while the agent is heard, although no test packet comes through', () => {
    const view = new AgentView();
    view.observe([...minute(silent), ...minute((time) => stamp(time, 10))], now);
    expect(linksOf(view)).toEqual({ lan: 'degraded', broadband: 'degraded' });
  });

  it('show loss that came late, beside newer samples', () => {
    const view = new AgentView();
    view.observe([stamp(now, 0)], now);
    expect(linksOf(view)).toEqual({ broadband: 'good' });
    view.observe([stamp(now - 40, 3), stamp(now - 30, 0)], now);
    expect(linksOf(view)).toEqual({ broadband: 'degraded' });
  });

  it('are unknown when nothing came for long, and say when they were measured', () => {
    const view = new AgentView();
    view.observe([stamp(now, 0)], now);
    expect(view.present('pc-1', place, now + 151, () => undefined).links).toEqual([
      { link: 'broadband', state: 'unknown', since: now + 151, measuredAt: now },
    ]);
    expect(linksOf(view, now + 151)).toEqual({ broadband: 'unknown' });
  });

  it('are not measured by a route', () => {
    const view = new AgentView();
    const route = (link: LinkKind) => sample(link, 'path', now + 10, { ok: true, reached: false, hops: 1 });
    view.observe([stamp(now, 0), route('broadband'), route('platform')], now + 10);
    expect(view.present('pc-1', place, now + 10, () => undefined).links).toEqual([
      { link: 'broadband', state: 'good', since: now, measuredAt: now },
    ]);
  });

  it('are known for three intervals of a probe that runs seldom', () => {
    const view = new AgentView();
    view.observe([sample('platform', 'http', now, { ok: true })], now);
    const links = (at: number) => view.present('pc-1', place, at, () => 300).links.map(({ state }) => state);
    expect(links(now + 900)).toEqual(['good']);
    expect(links(now + 901)).toEqual(['unknown']);
  });
});

describe('an agent after a restart of the hub', () => {
  const stateOf = (view: AgentView) => view.present('pc-1', place, now, () => undefined);

  it('is still stopped or asleep where it said so, and was heard when it was', () => {
    for (const state of ['stopping', 'asleep'] as const) {
      const view = new AgentView();
      view.remember(state, now - 7200);
      expect(stateOf(view)).toMatchObject({ state, lastSeen: now - 7200 });
    }
  });

  it('is not there until it speaks where its last word was another', () => {
    const view = new AgentView();
    view.remember('online', now - 7200);
    expect(stateOf(view)).toMatchObject({ state: 'offline', lastSeen: now - 7200 });
    view.setStatus('online', now);
    expect(stateOf(view).state).toBe('online');
  });

  it('has links that are what they were since before, once they are seen to be', () => {
    const view = new AgentView();
    const before = now - 7200;
    view.remember('online', now - 60, new Map([['broadband', { state: 'good', since: before }]]));
    view.recall([stamp(now - 300, 0)]);
    expect(stateOf(view).links).toMatchObject([{ state: 'unknown' }]);
    view.observe([stamp(now, 0)], now);
    expect(stateOf(view).links).toMatchObject([{ state: 'good', since: before }]);
    const other = new AgentView();
    other.remember('online', now - 60, new Map([['broadband', { state: 'down', since: before }]]));
    other.observe([stamp(now, 0)], now);
    expect(stateOf(other).links).toMatchObject([{ state: 'good', since: now }]);
  });

  it('that has spoken since is what it said', () => {
    const view = new AgentView();
    view.setStatus('online', now);
    view.remember('stopping', now - 7200);
    expect(stateOf(view)).toMatchObject({ state: 'online', lastSeen: now });
  });
});
