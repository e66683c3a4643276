import type { Cause } from '@tongtang/model/incident';
import type { Text } from '@tongtang/model/text';

/** Whose matter a cause is. `bureau` runs the hub; `unknown` where the cause does not tell. */
export const responsibilities = [
  'school',
  'provider',
  'satellite',
  'front-end',
  'natural',
  'bureau',
  'unknown',
] as const;
export type Responsibility = (typeof responsibilities)[number];

export const responsibilityTitles: Readonly<Record<Responsibility, Text>> = {
  school: { zh: '学校', en: 'school' },
  provider: { zh: '运营商', en: 'provider' },
  satellite: { zh: '卫星', en: 'satellite' },
  'front-end': { zh: '前端学校', en: 'front-end school' },
  natural: { zh: '自然原因', en: 'natural' },
  bureau: { zh: '教育局（中心）', en: 'bureau (hub)' },
  unknown: { zh: '不明', en: 'unknown' },
};

/**
 * What stands in the school's own rooms and on its roof is the school's, its power included. A full line may be too thin or used for
 * other things, and silence may be line or power: these are laid to nobody.
 */
export const responsibilityOf: Readonly<Record<Cause, Responsibility>> = {
  'front-end-outage': 'front-end',
  'carrier-lost': 'satellite',
  'rain-fade': 'natural',
  'sun-outage': 'natural',
  mispointing: 'school',
  'lnb-loss': 'school',
  'receiver-off': 'school',
  // The receiver is locked and the other schools may lack it as well: sender, receiver or LAN.
  'stream-lost': 'unknown',
  'stream-damaged': 'school',
  'hub-away': 'bureau',
  'provider-outage': 'provider',
  'line-cut': 'provider',
  'line-or-power': 'unknown',
  congestion: 'unknown',
  'power-lost': 'school',
  'lan-failure': 'school',
  'pc-cable': 'school',
  'agent-ended': 'school',
  'disk-full': 'school',
  'clock-wrong': 'school',
  unknown: 'unknown',
};
