import { expect, it } from 'vitest';
import type { AgentPresent, LinkState } from '../api/answers.ts';
import { neighboursOf } from './neighbours.ts';

const agent = (id: string, state: LinkState, county = 'qilian'): AgentPresent => ({
  id,
  place: { county, school: id, classroom: 'machine-room', agent: id },
  state: 'online',
  links: [
    { link: 'broadband', state: 'good', since: 0 },
    { link: 'satellite', state, since: 0 },
  ],
});

it('counts the other dishes of the county that have a signal and those that have none, not those nobody knows of', () => {
  const own = agent('own', 'down');
  const others = [agent('a', 'good'), agent('b', 'degraded'), agent('c', 'down'), agent('d', 'unknown')];
  expect(neighboursOf([own, ...others, agent('e', 'down', 'elsewhere')], own)).toEqual({
    receiving: 2,
    without: 1,
  });
});
