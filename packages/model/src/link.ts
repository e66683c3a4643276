import type { Text } from './text.ts';

/** One thing that can be up, degraded or down; see the glossary in docs/architecture.md. */
export const linkKinds = ['lan', 'broadband', 'satellite', 'stream', 'platform'] as const;
export type LinkKind = (typeof linkKinds)[number];

export const linkTitles: Readonly<Record<LinkKind, Text>> = {
  lan: { zh: '校园网', en: 'LAN' },
  broadband: { zh: '地网', en: 'Broadband' },
  satellite: { zh: '天网', en: 'Satellite' },
  stream: { zh: '直播流', en: 'Stream' },
  platform: { zh: '资源平台', en: 'Platform' },
};

export const linkStates = ['good', 'degraded', 'down', 'unknown'] as const;
export type LinkState = (typeof linkStates)[number];

/** Whether a text is the name of a link. */
export function isLinkKind(text: string): text is LinkKind {
  return linkKinds.some((kind) => kind === text);
}

/** The last outcome that a probe had over a link, as its sample's fields say it. */
export type LinkEvidence = Readonly<{
  /** Hub time in seconds. */
  time: number;
  ok: boolean;
  lossRatio?: number | undefined;
  rttMs?: number | undefined;
  jitterMs?: number | undefined;
  failure?: string | undefined;
}>;

/**
 * What a live lesson needs of its path. Loss: blocking artefacts become visible above 1 %. Delay and jitter: the
 * round trip of a conversation must stay under about 400 ms (ITU-T G.114), a GEO hop alone takes 550, so the limit
 * speaks of terrestrial paths with room for one retransmission.
 */
export const lessonNeeds = { lossRatio: 0.01, rttMs: 400, jitterMs: 50 } as const;

/**
 * The present state of a link from the newest outcome of each of its probes and targets.
 *
 * - no outcome younger than `freshS` → `unknown`: no evidence is neither up nor down;
 * - failures that the agent caused itself (`failure: agent`) are no evidence;
 * - all fresh outcomes failed → `down`; some failed, or one misses {@link lessonNeeds} → `degraded`.
 *
 * @param now hub time in seconds
 * @param freshS how old an outcome may be, in seconds; three intervals of its probe is customary
 */
export function linkState(evidence: Iterable<LinkEvidence>, now: number, freshS: number): LinkState {
  let succeeded = 0;
  let failed = 0;
  let poor = 0;
  for (const outcome of evidence) {
    if (now - outcome.time > freshS || outcome.failure === 'agent') continue;
    if (!outcome.ok) failed += 1;
    else {
      succeeded += 1;
      if (missesNeeds(outcome)) poor += 1;
    }
  }
  if (succeeded + failed === 0) return 'unknown';
  if (succeeded === 0) return 'down';
  return failed + poor > 0 ? 'degraded' : 'good';
}

function missesNeeds(outcome: LinkEvidence): boolean {
  return (
    (outcome.lossRatio ?? 0) > lessonNeeds.lossRatio ||
    (outcome.rttMs ?? 0) > lessonNeeds.rttMs ||
    (outcome.jitterMs ?? 0) > lessonNeeds.jitterMs
  );
}
