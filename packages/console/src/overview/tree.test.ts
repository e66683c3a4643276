import { describe, expect, it } from 'vitest';
import type { AgentPresent, County, LinkPresent, LinkState } from '../api/answers.ts';
import { buildTree, isTroubled, linksOf, roomState, summarise } from './tree.ts';

const link = (kind: LinkPresent['link'], state: LinkState, measured = true): LinkPresent => ({
  link: kind,
  state,
  since: 0,
  ...(measured && { measuredAt: 1 }),
});
const agent = (
  place: string,
  links: readonly LinkPresent[],
  state: AgentPresent['state'] = 'online',
): AgentPresent => {
  const [school = '', classroom = ''] = place.split('/');
  return { id: `${school}-${classroom}`, place: { county: 'q', school, classroom, agent: '' }, state, links };
};
const named = (id: string) => ({ id, name: { zh: `${id}校`, en: id } });
const room = (id: string) => ({ ...named(id), classes: [], agents: [] });
const county: County = {
  ...named('q'),
  timezone: 'Asia/Shanghai',
  periods: [],
  platforms: [],
  targets: [],
  clusters: [named('east'), named('west')],
  frontEndSchools: [],
  providers: [],
  schools: [
    { ...named('arou'), cluster: 'east', classrooms: [room('c1')], unmeasuredTargets: [] },
    {
      ...named('ebao'),
      cluster: 'west',
      classrooms: [room('c1'), room('c2'), room('c3')],
      unmeasuredTargets: [],
    },
    { ...named('mole'), classrooms: [room('c1')], unmeasuredTargets: [] },
  ],
};
const agents = [
  agent('arou/c1', [link('lan', 'good')]),
  agent('ebao/c1', [link('lan', 'good')]),
  agent('ebao/c2', [link('lan', 'good'), link('broadband', 'down')]),
];
const all = { onlyTrouble: false, search: '' };

describe('the state of a classroom', () => {
  it('is that of its worst link', () => {
    expect(roomState([agent('a/b', [link('lan', 'good'), link('broadband', 'degraded')])])).toBe('degraded');
  });

  it('is unknown, never good, when a link that was measured no longer is', () => {
    expect(roomState([agent('a/b', [link('lan', 'good'), link('broadband', 'unknown')])])).toBe('unknown');
  });

  it('does not suffer from a link that it does not have', () => {
    expect(roomState([agent('a/b', [link('lan', 'good'), link('satellite', 'unknown', false)])])).toBe(
      'good',
    );
  });

  it('is lost with its agent, unless a link is known to be down', () => {
    expect(roomState([agent('a/b', [link('lan', 'unknown')], 'offline')])).toBe('lost');
    expect(
      roomState([agent('a/b', [link('lan', 'down')]), agent('a/b', [link('lan', 'good')], 'silent')]),
    ).toBe('down');
    expect(roomState([agent('a/b', [link('lan', 'unknown')], 'asleep')])).toBe('unknown');
  });

  it('is unknown while nothing was measured, and none without an agent', () => {
    expect(roomState([agent('a/b', [])])).toBe('unknown');
    expect(roomState([])).toBe('none');
  });
});

describe('trouble', () => {
  it('is an agent that went away, not one that sleeps or was stopped', () => {
    expect(isTroubled([agent('a/b', [], 'offline')])).toBe(true);
    expect(isTroubled([agent('a/b', [], 'asleep')])).toBe(false);
    expect(isTroubled([agent('a/b', [], 'stopping')])).toBe(false);
  });

  it('is an agent that is there and measures nothing', () => {
    expect(isTroubled([agent('a/b', [])])).toBe(true);
  });
});

describe('the tree of the first page', () => {
  it('keeps the order of the inventory, whatever is in trouble', () => {
    const [first] = buildTree([county], agents, all);
    expect(first?.clusters.map(({ id }) => id)).toEqual(['east', 'west', '']);
    expect(first?.clusters[1]?.schools[0]?.rooms.map(({ classroom }) => classroom.id)).toEqual(['c1', 'c2']);
  });

  it('keeps classrooms without an agent apart', () => {
    const [first] = buildTree([county], agents, all);
    expect(first?.clusters[1]?.schools[0]?.bare.map(({ id }) => id)).toEqual(['c3']);
  });

  it('shows only trouble when asked', () => {
    const [first] = buildTree([county], agents, { onlyTrouble: true, search: '' });
    expect(first?.clusters.flatMap(({ schools }) => schools.map(({ school }) => school.id))).toEqual([
      'ebao',
    ]);
    expect(first?.clusters[0]?.schools[0]?.rooms).toHaveLength(1);
  });

  it('finds schools and classrooms by name in either language', () => {
    const names = (search: string): string[] =>
      buildTree([county], agents, { onlyTrouble: false, search }).flatMap(({ clusters }) =>
        clusters.flatMap(({ schools }) => schools.map(({ school }) => school.id)),
      );
    expect(names('AROU')).toEqual(['arou']);
    expect(names('c3校')).toEqual(['ebao']);
    expect(names('nowhere')).toEqual([]);
  });
});

describe('the summary', () => {
  it('does not count a machine room among classrooms', () => {
    const taught = { ...room('c1'), classes: [named('k1')] };
    const school = { ...named('arou'), classrooms: [taught, room('machine-room')], unmeasuredTargets: [] };
    expect(summarise([{ ...county, schools: [school] }], agents)).toMatchObject({ good: 1, none: 0 });
  });

  it('counts every classroom once', () => {
    expect(summarise([county], agents)).toEqual({
      good: 2,
      degraded: 0,
      down: 1,
      lost: 0,
      unknown: 0,
      none: 2,
    });
  });
});

describe('the columns', () => {
  it('are the links that anybody measures, along the signal’s way', () => {
    expect(linksOf([agent('a/b', [link('platform', 'good'), link('lan', 'down')])])).toEqual([
      'lan',
      'platform',
    ]);
  });
});
