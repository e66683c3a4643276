import { causes, incidentNodes } from '@tongtang/model/incident';
import { languages } from '@tongtang/model/text';
import { describe, expect, it } from 'vitest';
import { checksOf, decide, decisionTable } from './decision-table.ts';
import { Random } from './testing/random.ts';
import { fits, observationNames, observations, type View } from './view.ts';

/** Views that a row asks for, what it leaves open by chance. */
function viewsOf(row: (typeof decisionTable)[number]): View[] {
  const random = new Random(1);
  return Array.from({ length: 4000 }, () =>
    Object.fromEntries(
      observationNames.map((name) => [
        name,
        random.pick<string>(row.when[name] ?? observations[name].values),
      ]),
    ),
  );
}

describe('the decision table', () => {
  it.each(decisionTable)('$id is the answer to something', (row) => {
    const answered = viewsOf(row).map((view) => decide(view).id);
    expect(answered).toContain(row.id);
  });

  it('has an answer to whatever a chain shows', () => {
    for (const chain of observations.chain.values)
      if (chain !== 'machine') expect(decide({ chain }).cause).toBe('unknown');
    expect(() => decide({})).toThrow('has no row');
  });

  it.each([
    ['the hub was away', { chain: 'network', scope: 'county', hub: 'away' }, 'hub', 'hub-away'],
    [
      'lines of a provider',
      { chain: 'network', scope: 'county', hub: 'ran', told: 'yes', gateway: 'fine', beyond: 'lost' },
      'broadband',
      'provider-outage',
    ],
    [
      'a school with its gateways',
      {
        chain: 'network',
        scope: 'school',
        rooms: 'several',
        lost: 'all',
        told: 'yes',
        gateway: 'fine',
        beyond: 'lost',
      },
      'broadband',
      'line-cut',
    ],
    [
      'a school without gateways',
      { chain: 'network', scope: 'school', rooms: 'several', lost: 'some', told: 'yes', gateway: 'lost' },
      'lan',
      'lan-failure',
    ],
    [
      'a school of which nothing is heard',
      {
        chain: 'network',
        scope: 'school',
        rooms: 'several',
        lost: 'all',
        told: 'no',
        gateway: 'unmeasured',
        restart: 'unknown',
      },
      'broadband',
      'line-or-power',
    ],
    [
      'one room whose connection its machine closed',
      {
        chain: 'network',
        scope: 'school',
        rooms: 'several',
        lost: 'one',
        told: 'no',
        ended: 'itself',
        restart: 'unknown',
        gateway: 'unmeasured',
      },
      'classroom',
      'agent-ended',
    ],
    [
      'one room of which nothing is heard',
      {
        chain: 'network',
        scope: 'school',
        rooms: 'several',
        lost: 'one',
        told: 'no',
        ended: 'unknown',
        restart: 'unknown',
        gateway: 'unmeasured',
      },
      'classroom',
      'unknown',
    ],
    ['a line that is slow', { chain: 'quality', lost: 'all', lan: 'fine' }, 'broadband', 'congestion'],
    [
      'a line that is slow as far as the gateway already',
      { chain: 'quality', lost: 'some', lan: 'poor' },
      'lan',
      'lan-failure',
    ],
    [
      'locks lost in all schools',
      { chain: 'reception', scope: 'county', lock: 'lost', stream: 'gone', sun: 'none' },
      'satellite',
      'carrier-lost',
    ],
    [
      'streams gone in all schools',
      { chain: 'reception', scope: 'county', lock: 'fine', stream: 'gone', sun: 'none' },
      'front-end',
      'front-end-outage',
    ],
    [
      'a dip when the Sun is there',
      { chain: 'reception', scope: 'county', sun: 'now', shape: 'sun', lock: 'lost' },
      'dish',
      'sun-outage',
    ],
    [
      'a cut while others receive',
      {
        chain: 'reception',
        scope: 'school',
        lock: 'lost',
        shape: 'cabling',
        elsewhere: 'fine',
        sun: 'none',
        receiver: 'answers',
      },
      'dish',
      'lnb-loss',
    ],
  ] as const)('%s', (_, view, node, cause) => {
    const { node: where, cause: why } = decide(view);
    expect([where, why]).toEqual([node, cause]);
  });

  it('has ids once, and three things to check in both languages for each row', () => {
    expect(new Set(decisionTable.map(({ id }) => id)).size).toBe(decisionTable.length);
    for (const row of decisionTable)
      for (const language of languages) expect(new Set(checksOf(row)[language]).size).toBe(3);
  });

  it('names only nodes and causes of the model, and each cause', () => {
    for (const { node, cause } of decisionTable) {
      expect(incidentNodes).toContain(node);
      expect(causes).toContain(cause);
    }
    expect(causes.filter((cause) => decisionTable.every((row) => row.cause !== cause))).toEqual([]);
  });

  it('asks for what is seen only: a view that lacks an observation does not fit', () => {
    expect(fits({ chain: 'network' }, { chain: ['network'], hub: ['away'] })).toBe(false);
  });
});
