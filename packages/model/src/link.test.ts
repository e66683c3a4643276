import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLinkKind, type LinkEvidence, lessonNeeds, linkKinds, linkState, linkTitles } from './link.ts';

const now = 10_000;
const freshS = 30;
const good: LinkEvidence = { time: now, ok: true, lossRatio: 0, rttMs: 40, jitterMs: 2 };
const failed: LinkEvidence = { time: now, ok: false, failure: 'path' };
const stateOf = (...evidence: readonly LinkEvidence[]) => linkState(evidence, now, freshS);

const evidence: fc.Arbitrary<LinkEvidence> = fc.record({
  time: fc.integer({ min: now - 2 * freshS, max: now }),
  ok: fc.boolean(),
  lossRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  rttMs: fc.option(fc.double({ min: 0, max: 2000, noNaN: true }), { nil: undefined }),
  jitterMs: fc.option(fc.double({ min: 0, max: 200, noNaN: true }), { nil: undefined }),
  failure: fc.option(fc.constantFrom('agent', 'resolver', 'path', 'target'), { nil: undefined }),
});

describe('linkState', () => {
  it('knows nothing without evidence', () => {
    expect(stateOf()).toBe('unknown');
  });

  it('is good where all is well, and down where all failed', () => {
    expect(stateOf(good, good)).toBe('good');
    expect(stateOf(failed, failed)).toBe('down');
  });

  it('is degraded where some targets fail', () => {
    expect(stateOf(good, failed)).toBe('degraded');
  });

  it.each([
    { lossRatio: lessonNeeds.lossRatio + 0.001 },
    { rttMs: lessonNeeds.rttMs + 1 },
    { jitterMs: lessonNeeds.jitterMs + 1 },
  ])('is degraded below what a lesson needs: %o', (lack) => {
    expect(stateOf({ ...good, ...lack })).toBe('degraded');
  });

  it('is good at exactly what a lesson needs, and where a probe does not measure that', () => {
    expect(stateOf({ ...good, ...lessonNeeds })).toBe('good');
    expect(stateOf({ time: now, ok: true })).toBe('good');
  });

  it('forgets what is older than the limit, and not what is exactly as old', () => {
    expect(stateOf({ ...failed, time: now - freshS })).toBe('down');
    expect(stateOf({ ...failed, time: now - freshS - 1 })).toBe('unknown');
    expect(stateOf(good, { ...failed, time: now - freshS - 1 })).toBe('good');
  });

  it('learns nothing from failures that the agent caused itself', () => {
    expect(stateOf({ ...failed, failure: 'agent' })).toBe('unknown');
    expect(stateOf(good, { ...failed, failure: 'agent' })).toBe('good');
  });

  it('does not depend on the order of the evidence', () => {
    fc.assert(
      fc.property(fc.array(evidence), (list) => {
        expect(stateOf(...list.toReversed())).toBe(stateOf(...list));
      }),
    );
  });

  it('never gets better by one more failure', () => {
    const rank = { good: 0, unknown: 0, degraded: 1, down: 2 };
    fc.assert(
      fc.property(fc.array(evidence), (list) => {
        expect(rank[stateOf(...list, failed)]).toBeGreaterThanOrEqual(rank[stateOf(...list)]);
      }),
    );
  });
});

describe('links', () => {
  it('have a title in both languages', () => {
    for (const kind of linkKinds) {
      expect(isLinkKind(kind)).toBe(true);
      expect(linkTitles[kind].zh).toMatch(/\p{Script=Han}/u);
      expect(linkTitles[kind].en).not.toBe('');
    }
    expect(isLinkKind('toString')).toBe(false);
  });
});
