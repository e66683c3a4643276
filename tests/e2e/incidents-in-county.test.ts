import { describe, expect, it } from 'vitest';
import { tryInCounty } from '../services/faults-in-county.ts';

/** The rooms that know nothing of each other: what the simulator does to a county, and what the fold finds. */

describe('in the simulated county', () => {
  it.each([
    ['fibre-cut', 'line-cut', 'broadband'],
    ['provider-outage', 'provider-outage', 'broadband'],
    ['congested-uplink', 'congestion', 'broadband'],
    ['pc-cable', 'pc-cable', 'classroom'],
    ['lnb', 'lnb-loss', 'dish'],
    ['receiver-off', 'receiver-off', 'receiver'],
    ['stream-lost', 'stream-lost', 'stream'],
    ['wrong-clock', 'clock-wrong', 'classroom'],
  ] as const)('%s is one incident: %s at %s', (kind, cause, node) => {
    const { incidents } = tryInCounty(kind, 1);
    expect(incidents.map((incident) => [incident.cause, incident.place.node])).toEqual([[cause, node]]);
  });

  it('a loop in the LAN is found, be it beside a room that is not explained by it yet', () => {
    const { incidents } = tryInCounty('lan-loop', 1);
    expect(incidents.map(({ cause }) => cause)).toContain('lan-failure');
    expect(incidents.every(({ cause }) => cause === 'lan-failure' || cause === 'unknown')).toBe(true);
  });

  it('an outage of a front-end school that one school receives is not told apart from that school’s own', () => {
    expect(tryInCounty('front-end-outage', 1).verdict).toBe('unknown');
  });
}, 60_000);
