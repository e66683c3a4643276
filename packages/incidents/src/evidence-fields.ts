import type { MeasurementName } from '@tongtang/model/catalogue';

const path = ['ok', 'failure'] as const;

/** All of the samples of agents that is evidence: what has to be read again for a replay. */
export const evidenceFields = {
  stamp: [...path, 'sent', 'received', 'rtt_ms'],
  ping: [...path, 'sent', 'received', 'rtt_ms'],
  tcp: path,
  http: path,
  tls: path,
  host: ['disk_used_ratio', 'uptime_s'],
  agent: ['clock_offset_ms', 'slept_s'],
  interface: ['up'],
  signal: [...path, 'locked', 'margin_db', 'cn_db'],
  mpegts: [...path, 'absent_s', 'interval_s', 'loss_ratio', 'continuity_errors'],
} as const satisfies Partial<Readonly<Record<MeasurementName, readonly string[]>>>;

export const evidenceMeasurements = Object.keys(evidenceFields).filter(isEvidence);

/** Whether samples of a measurement are evidence. */
export function isEvidence(measurement: string): measurement is keyof typeof evidenceFields {
  return Object.hasOwn(evidenceFields, measurement);
}
