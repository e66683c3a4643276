import type { AgentKind } from '@tongtang/model/agent-kind';
import type { LinkKind, LinkState } from '@tongtang/model/link';
import { describe, expect, it } from 'vitest';
import type { AgentState, LatestValue } from '../live/live.ts';
import { type Machine, roomFacts } from './room-facts.ts';

const now = 1_790_000_000;

function machine(
  classroom: string,
  state: AgentState,
  more: Readonly<{
    kind?: AgentKind;
    links?: Partial<Record<LinkKind, LinkState>>;
    latest?: readonly LatestValue[];
    lastSeen?: number;
  }> = {},
): Machine {
  const { kind = 'classroom', links = {}, latest = [], lastSeen = now } = more;
  const present = {
    id: `${kind}-${classroom}`,
    place: { county: 'q', school: 's', classroom, agent: `${kind}-${classroom}` },
    state,
    lastSeen,
    links: (['lan', 'broadband', 'satellite', 'stream', 'platform'] as const).flatMap((link) => {
      const of = links[link];
      return of === undefined ? [] : [{ link, state: of, since: now - 60, measuredAt: now - 10 }];
    }),
  };
  return { kind, present, latest: () => latest };
}
const signal = (margin: number, time = now): LatestValue => ({
  measurement: 'signal',
  tags: { link: 'satellite', target: 'ird' },
  time,
  fields: { ok: true, locked: true, margin_db: margin },
});

describe('the PC of a classroom', () => {
  it.each([
    ['online', [], 'on'],
    ['asleep', [], 'asleep'],
    ['stopping', [], 'off'],
    ['offline', ['online', 'offline'], 'lost'],
    ['silent', ['online'], 'lost'],
    ['offline', ['offline', 'silent'], 'unheard'],
    ['offline', [], 'unheard'],
    ['offline', ['stopping', 'offline'], 'gone'],
  ] as const)('that is %s, beside others that are %j, is %s', (state, others, found) => {
    const all = [machine('c1', state), ...others.map((other, index) => machine(`c${index + 2}`, other))];
    expect(roomFacts(all, 'c1', true).pc.state).toBe(found);
  });

  it('is not called lost by a hub that has just begun', () => {
    expect(roomFacts([machine('c1', 'offline')], 'c1', false).pc.state).toBe('silent');
  });

  it('is missing where only a receiver’s machine is in the room', () => {
    const beside = machine('c1', 'online', { kind: 'receiver' });
    expect(roomFacts([beside], 'c1', true).pc).toEqual({ state: 'none' });
  });

  it('is the one that is on, of two', () => {
    expect(roomFacts([machine('c1', 'offline'), machine('c1', 'online')], 'c1', true).pc.state).toBe('on');
  });

  it('was heard when it was; the school when any of it was', () => {
    const all = [
      machine('c1', 'offline', { lastSeen: now - 500 }),
      machine('c2', 'offline', { lastSeen: now - 90 }),
    ];
    expect(roomFacts(all, 'c1', true).pc).toEqual({ state: 'unheard', heardAt: now - 90 });
    const one = [...all, machine('c3', 'online')];
    expect(roomFacts(one, 'c1', true).pc).toEqual({ state: 'lost', heardAt: now - 500 });
  });
});

describe('the recorded files of a classroom', () => {
  const files = (fields: LatestValue['fields']) => {
    const latest = [{ measurement: 'lesson_files', tags: {}, time: now, fields }];
    return roomFacts([machine('c1', 'online', { latest })], 'c1', true).files;
  };

  it('are known where its PC looks at them', () => {
    expect(roomFacts([machine('c1', 'online')], 'c1', true)).not.toHaveProperty('files');
    expect(files({ readable: true, entries: 3, newest_age_s: 60 })).toEqual({
      value: { entries: 3, newestAgeS: 60 },
      at: now,
    });
    expect(files({ readable: true, entries: 0 })).toMatchObject({ value: { entries: 0 } });
    expect(files({ readable: false })).toEqual({ value: undefined, at: now });
  });
});

describe('the links of a classroom', () => {
  it('are those of its own PC, and not of another room', () => {
    const all = [
      machine('c1', 'online', { links: { lan: 'good' } }),
      machine('c2', 'online', { links: { lan: 'down', broadband: 'down', stream: 'down' } }),
    ];
    expect(roomFacts(all, 'c1', true).links).toEqual({ lan: { value: 'good', at: now - 10 } });
  });

  it('are the receiver’s for the satellite, and for a stream that the PC does not measure', () => {
    const beside = machine('machine-room', 'online', {
      kind: 'receiver',
      links: { satellite: 'good', stream: 'good' },
      latest: [signal(5.5), signal(1, now - 3600)],
    });
    const facts = roomFacts([machine('c1', 'online'), beside], 'c1', true);
    expect(facts.links.satellite?.value).toBe('good');
    expect(facts.links.stream?.value).toBe('good');
    expect(facts.marginDb).toEqual({ value: 5.5, at: now });
    const pc = machine('c1', 'online', { links: { stream: 'down' } });
    expect(roomFacts([pc, beside], 'c1', true).links.stream?.value).toBe('down');
  });

  it('are degraded where one receiver of the school is locked and another is not', () => {
    const receiver = (state: LinkState) =>
      machine('machine-room', 'online', { kind: 'receiver', links: { satellite: state } });
    const of = (...states: LinkState[]) =>
      roomFacts([machine('c1', 'online'), ...states.map(receiver)], 'c1', true).links.satellite?.value;
    expect(of('good', 'down')).toBe('degraded');
    expect(of('down', 'down')).toBe('down');
    expect(of('unknown', 'good')).toBe('good');
    expect(of('unknown', 'unknown')).toBe('unknown');
  });
});
