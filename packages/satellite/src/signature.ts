import type { Text } from '@tongtang/model/text';

/** One look at a receiver. C/N is absent where it told none, as most do without lock. */
export type SignalReading = Readonly<{
  /** Hub time in seconds. */
  time: number;
  locked: boolean;
  cnDb?: number | undefined;
}>;

/**
 * What a series of readings looks like. It is one site's view: an uplink that fails looks like a cable that does, and wet snow
 * on the dish, which lasts for hours, at first like rain.
 */
export type SignatureKind = 'steady' | 'rain-fade' | 'sun-outage' | 'pointing' | 'cabling' | 'unknown';

export const signatureTitles: Readonly<Record<SignatureKind, Text>> = {
  steady: { zh: '信号平稳', en: 'steady' },
  'rain-fade': { zh: '雨衰：载噪比缓慢下降', en: 'rain fade: C/N falls slowly' },
  'sun-outage': {
    zh: '日凌：载噪比在预报时段内缓慢下降',
    en: 'sun outage: C/N falls slowly when one is predicted',
  },
  pointing: { zh: '天线指向：载噪比突降后停在低位', en: 'pointing: C/N drops at once and stays lower' },
  cabling: {
    zh: '信号突然中断：线缆、高频头或供电，也可能天线被风吹偏',
    en: 'cut at once: cable, LNB or its power, or a dish blown aside',
  },
  unknown: { zh: '证据不足', en: 'not enough evidence' },
};

/** Why nothing is said. */
export type Doubt =
  | 'few-readings'
  | 'no-clear-start'
  | 'noisy'
  | 'readings-far-apart'
  | 'neither-slow-nor-sudden'
  | 'longer-than-rain'
  | 'just-happened'
  | 'passing';

export const doubtTitles: Readonly<Record<Doubt, Text>> = {
  'few-readings': { zh: '读数太少', en: 'too few readings' },
  'no-clear-start': { zh: '序列开始时信号已不正常', en: 'the series does not begin with a good signal' },
  noisy: { zh: '载噪比读数波动太大', en: 'C/N is too noisy' },
  'readings-far-apart': {
    zh: '读数间隔太长，分不清缓降和突降',
    en: 'readings are too far apart to tell a slow fall from a sudden one',
  },
  'neither-slow-nor-sudden': { zh: '下降既不像缓降也不像突降', en: 'the fall is neither slow nor sudden' },
  'longer-than-rain': {
    zh: '持续时间超过降雨：可能是天线积雪结冰或设备老化',
    en: 'it lasts longer than rain: snow or ice on the dish, or an ageing LNB',
  },
  'just-happened': { zh: '刚刚发生，还看不出是否持续', en: 'it just happened, and may not last' },
  passing: {
    zh: '突降后自行恢复：可能是遮挡或接触不良',
    en: 'it dropped at once and came back by itself: something in the way, or a loose contact',
  },
};

/** What was seen, for people to judge themselves. */
export type SignatureEvidence = Readonly<{
  readings: number;
  /** Median of C/N at the start, in dB, and how much single readings scatter about it (standard deviation). */
  clearDb?: number;
  noiseDb?: number;
  /** How far C/N was seen to fall before it stayed or was lost, in dB, in how many seconds, and when that began. */
  fallDb?: number;
  fallS?: number;
  since?: number;
  lockLost: boolean;
  /** Whether the last readings are as good as the first. */
  recovered: boolean;
}>;

export type Signature = Readonly<{
  kind: SignatureKind;
  /** `high`: right in 99 of 100 simulated cases; `low`: in 9 of 10; `none` goes with `unknown`. */
  certainty: 'high' | 'low' | 'none';
  doubt?: Doubt;
  evidence: SignatureEvidence;
}>;

/**
 * Where one thing ends and another begins. Rates of rain come from ITU-R P.1623-1 (s = 0.01, 0.02 Hz, readings 10 s apart): in
 * a fade of 10 dB attenuation changes by more than 0.5 dB/s in one of 470 moments, in a fade of 3 dB by more than 0.1 dB/s in one
 * of 145. The rest is this project's judgement, tried on simulated series and not yet on those of schools.
 */
export const signatureLimits = {
  /** Readings at the start that must be good, and of which the median is the clear sky; and how many there must be in all. */
  clearReadings: 5,
  leastReadings: 8,
  /** How far from their median they may be, in dB, where noise does not explain more. */
  clearDb: 0.5,
  /** Scatter is not taken below this, in dB: what a display rounds away is not known. */
  displayDb: 0.1,
  /** A fall is something from this many dB on, and from this many standard deviations. */
  fallDb: 1.5,
  fallDeviations: 5,
  /** Above this scatter in dB nothing is said. */
  noiseDb: 1,
  /** Rain hardly changes C/N faster than `suddenDbPerS`, and seldom faster than `fastDbPerS`. */
  suddenDbPerS: 0.5,
  fastDbPerS: 0.1,
  /** A slow fall is seen in at least so many readings on the way, no step of it larger than this share of the whole. */
  slowReadings: 3,
  slowShare: 0.6,
  slowReadingsHigh: 6,
  slowShareHigh: 0.45,
  /** A sudden fall is at least this share of the whole between two readings. */
  suddenShare: 0.8,
  /** How many readings a lower level must last to be one, and a lost lock to be more than a hiccup. */
  stayReadings: 5,
  lostReadings: 2,
  /** Where the threshold is not known, readings must be this close, in seconds, to call a lost lock sudden. */
  closeS: 10,
  /** A steady signal is sure from so many readings on. */
  steadyReadings: 20,
  /** Rain that does not end in this time is something else. */
  rainS: 3 * 3600,
  /** How far from a predicted outage a dip may be: clocks, and antennas that point a little aside. */
  sunS: 180,
} as const;
