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

/**
 * What a live lesson needs of its path. Loss: blocking artefacts become visible above 1 %. Delay and jitter: the
 * round trip of a conversation must stay under about 400 ms (ITU-T G.114), a GEO hop alone takes 550, so the limit
 * speaks of terrestrial paths with room for one retransmission. Margin of a satellite signal above the threshold of its modulation: with
 * less a shower is enough for visible errors.
 */
export const lessonNeeds = { lossRatio: 0.01, rttMs: 400, jitterMs: 50, marginDb: 3 } as const;

/**
 * Margins of a satellite signal in dB below which it is in a worse state. Below 1.5 dB errors are likely to be seen; a Ku-band
 * dish should have 5 to 6 dB under a clear sky.
 */
export const marginLimits = { failed: 0, critical: 1.5, degraded: lessonNeeds.marginDb } as const;
