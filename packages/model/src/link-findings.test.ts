import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkKinds } from './link.ts';
import { LinkFindings } from './link-findings.ts';
import type { Outcome } from './link-outcome.ts';

const now = 10_000;

const anyOutcome: fc.Arbitrary<Outcome> = fc
  .record({
    time: fc.integer({ min: now - 60, max: now }),
    found: fc.constantFrom('well', 'poor', 'refused', 'nothing'),
    lost: fc.nat(3),
  })
  .map(({ time, found, lost }) => ({
    time,
    ok: found === 'well' || found === 'poor',
    reached: found !== 'nothing',
    sent: 10,
    received: 10 - lost,
    poor: found === 'poor',
  }));
const anyProbe = fc.record({
  link: fc.constantFrom(...linkKinds),
  measurement: fc.constantFrom('stamp', 'ping', 'dns'),
  outcomes: fc
    .uniqueArray(anyOutcome, { minLength: 1, maxLength: 4, selector: ({ time }) => time })
    .map((outcomes) => outcomes.sort((a, b) => b.time - a.time)),
});
type Probe = typeof anyProbe extends fc.Arbitrary<infer Of> ? Of : never;

function findingsOf(probes: readonly Probe[]): LinkFindings {
  const findings = new LinkFindings();
  for (const { link, measurement, outcomes } of probes) findings.add(link, measurement, outcomes);
  return findings;
}

it('findings that were added up in parts, in any order, are those of all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyProbe, { maxLength: 6 }), { maxLength: 4 }),
      fc.integer({ min: now - 200, max: now }),
      (parts, passedAt) => {
        const sum = new LinkFindings();
        for (const part of parts.toReversed()) sum.addAll(findingsOf(part));
        expect(sum.states(now, passedAt)).toEqual(findingsOf(parts.flat()).states(now, passedAt));
      },
    ),
  );
});

it('a probe without an outcome shows nothing', () => {
  const findings = new LinkFindings();
  findings.add('lan', 'ping', []);
  expect(findings.states(now, now)).toEqual(new Map());
});
