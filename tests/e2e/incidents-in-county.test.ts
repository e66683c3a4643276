import { describe, expect, it } from 'vitest';
import { tryInCounty } from '../services/faults-in-county.ts';

/** The rooms that know nothing of each other: what the simulator does to a county, and what the fold finds. */

describe('in the simulated county', () => {
  it.each([
    ['fibre-cut', 'line-cut', 'broadband'],
    ['provider-outage', 'provider-outage', 'broadband'],
    ['congested-uplink', 'congestion', 'broadband'],
    ['lan-loop', 'lan-failure', 'lan'],
    ['pc-cable', 'pc-cable', 'classroom'],
    ['lnb', 'lnb-loss', 'dish'],
    ['receiver-off', 'receiver-off', 'receiver'],
    ['stream-lost', 'stream-lost', 'stream'],
    ['wrong-clock', 'clock-wrong', 'classroom'],
  ] as const)('%s is one incident: %s at %s', (kind, cause, node) => {
    const { incidents } = tryInCounty(kind, 1);
    expect(incidents.map((incident) => [incident.cause, incident.place.node])).toEqual([[cause, node]]);
  });

  it('rain over the county is one incident, whichever schools it comes to and when', () => {
    const { incidents } = tryInCounty('rain', 3);
    expect(incidents).toHaveLength(1);
    const [incident] = incidents;
    expect(incident?.place).toEqual({ node: 'dish', county: 'qilian' });
    expect(incident?.cause).toBe('rain-fade');
    expect(new Set(incident?.evidence.map(({ school }) => school)).size).toBe(13);
  });

  it.each([1, 3])(
    'a hub that was away is all there is, also where PCs were switched off meanwhile: seed %s',
    (seed) => {
      const { incidents } = tryInCounty('hub-loss', seed);
      expect(incidents).toMatchObject([{ cause: 'hub-away', state: 'resolved' }]);
    },
  );

  it('an outage of a front-end school that one school receives is not told apart from that school’s own', () => {
    expect(tryInCounty('front-end-outage', 1).verdict).toBe('unknown');
  });
}, 60_000);
