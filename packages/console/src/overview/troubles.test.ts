import { describe, expect, it } from 'vitest';
import type { AgentPresent, County, LinkPresent, LinkState } from '../api/answers.ts';
import { buildTree } from './tree.ts';
import { sortTroubles, type Trouble, troublesOf } from './troubles.ts';

const link = (kind: LinkPresent['link'], state: LinkState, since = 0): LinkPresent => ({
  link: kind,
  state,
  since,
  measuredAt: 1,
});
const agent = (
  place: string,
  links: readonly LinkPresent[],
  state: AgentPresent['state'] = 'online',
): AgentPresent => {
  const [school = '', classroom = ''] = place.split('/');
  const id = `${school}-${classroom}`;
  return { id, place: { county: 'q', school, classroom, agent: id }, state, links, lastSeen: 900 };
};
const named = (id: string) => ({ id, name: { zh: id, en: id } });
const room = (id: string) => ({ ...named(id), classes: [], agents: [] });
const school = (id: string) => ({
  ...named(id),
  classrooms: ['c1', 'c2', 'c3'].map(room),
  unmeasuredTargets: [],
});
const county: County = {
  ...named('q'),
  timezone: 'Asia/Shanghai',
  periods: [],
  platforms: [],
  targets: [],
  clusters: [],
  frontEndSchools: [],
  providers: [],
  schools: [school('arou'), school('ebao'), school('mole')],
};
const troubles = (...agents: AgentPresent[]): Trouble[] =>
  troublesOf(buildTree([county], agents, { onlyTrouble: true, search: '' }));
const placed = (found: readonly Trouble[]): string[] =>
  found.map(({ school, rooms }) => `${school.id}/${rooms.map(({ id }) => id).join('+')}`);

describe('the list of troubles', () => {
  it('has nothing of a county that is well', () => {
    expect(troubles(agent('arou/c1', [link('lan', 'good')]), agent('ebao/c1', [], 'asleep'))).toEqual([]);
  });

  it('says which links are not good, along the signal’s way, and since when the worst is', () => {
    const [trouble] = troubles(
      agent('arou/c1', [
        link('platform', 'down', 60),
        link('broadband', 'down', 50),
        link('lan', 'degraded', 10),
      ]),
    );
    expect(trouble).toMatchObject({
      state: 'down',
      since: 50,
      links: [
        { link: 'lan', state: 'degraded' },
        { link: 'broadband', state: 'down' },
        { link: 'platform', state: 'down' },
      ],
      telling: { agent: 'arou-c1', link: 'broadband' },
    });
  });

  it('says of an agent that went away just that, and when it was heard last', () => {
    const [trouble] = troubles(agent('arou/c1', [link('lan', 'unknown', 950)], 'offline'));
    expect(trouble).toMatchObject({ state: 'lost', lost: 'offline', links: [], since: 900 });
  });

  it('has one line for a cut that all classrooms of a school show', () => {
    const cut = (since: number) => [link('lan', 'good'), link('broadband', 'down', since)];
    const found = troubles(
      agent('arou/c1', cut(1000)),
      agent('arou/c2', cut(990)),
      agent('ebao/c1', cut(1000)),
    );
    expect(placed(found)).toEqual(['arou/c1+c2', 'ebao/c1']);
    expect(found[0]?.since).toBe(990);
  });

  it('keeps apart what began at another time or shows in another link', () => {
    expect(
      placed(
        troubles(
          agent('arou/c1', [link('broadband', 'down', 1000)]),
          agent('arou/c2', [link('broadband', 'down', 5000)]),
          agent('arou/c3', [link('lan', 'down', 1000)]),
        ),
      ),
    ).toEqual(['arou/c1', 'arou/c2', 'arou/c3']);
  });
});

describe('their order', () => {
  const found = troubles(
    agent('arou/c1', [link('lan', 'degraded', 300)]),
    agent('ebao/c1', [link('lan', 'down', 100)]),
    agent('mole/c1', [link('lan', 'down', 200)]),
  );

  it('is the worst first, of equals the newest', () => {
    const sorted = sortTroubles(found, { by: 'state', reversed: false });
    expect(placed(sorted)).toEqual(['mole/c1', 'ebao/c1', 'arou/c1']);
  });

  it('is by school or by time where asked, and backwards', () => {
    expect(placed(sortTroubles(found, { by: 'school', reversed: false }))).toEqual(placed(found));
    expect(placed(sortTroubles(found, { by: 'since', reversed: true }))).toEqual([
      'ebao/c1',
      'mole/c1',
      'arou/c1',
    ]);
  });
});
