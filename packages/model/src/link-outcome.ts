import { fieldOf, measurementNames } from './catalogue.ts';
import { type LinkKind, lessonNeeds } from './link.ts';
import type { FieldValue } from './sample.ts';

/** A sample as far as it says something of a link. */
export type LinkSample = Readonly<{
  measurement: string;
  tags: Readonly<{ link?: string | undefined; target?: string | undefined }>;
  /** Seconds, on one clock for all samples. */
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

/** What one run of a probe found. */
export type Outcome = Readonly<{
  time: number;
  ok: boolean;
  /** Whether something came back over the link, be it a refusal. */
  reached: boolean;
  /** Packets of a run that counts them. */
  sent: number;
  received: number;
  /** Whether delay, jitter, the loss of a stream or the margin of a signal is beyond what a lesson bears. */
  poor: boolean;
}>;

/** The fields that are looked at, whichever of them a measurement has. */
export const evidenceFields = [
  'ok',
  'failure',
  'locked',
  'sent',
  'received',
  'rtt_ms',
  'jitter_ms',
  'loss_ratio',
  'uncorrected',
  'margin_db',
] as const;

/** These are paths: a far end that refuses was reached over them. Of a platform a refusal says that it is down. */
const paths: ReadonlySet<string> = new Set(['lan', 'broadband']);
/** Answered from a cache as well: a resolver in the school does so while the Internet is cut. */
const cached: ReadonlySet<string> = new Set(['dns']);
/**
 * A test of the throughput is made once a day, when the far end has room, and shows nothing of the present. A router that does not
 * answer may forward as well as any other, so a route says nothing of how well.
 */
const noEvidence: ReadonlySet<string> = new Set(['throughput', 'path']);
const counting: ReadonlySet<string> = new Set(
  measurementNames.filter((name) => fieldOf(name, 'sent') !== undefined),
);
/** Twenty runs of STAMP hold enough packets; two more, for such as were broken off. Probes that count none need few. */
const runsWeighed = { counting: 22, others: 3 } as const;

/** Whether what this measurement finds says something of the state of its link. */
export function isEvidence(measurement: string): boolean {
  return !noEvidence.has(measurement);
}

/** Whether an answer to this measurement may come from a cache. */
export function isCached(measurement: string): boolean {
  return cached.has(measurement);
}

/** How many of the last runs of a probe are looked at. */
export function runsWeighedOf(measurement: string): number {
  return counting.has(measurement) ? runsWeighed.counting : runsWeighed.others;
}

/** Undefined where a sample says nothing of its link: routes are no evidence, nor are failures that the agent caused itself. */
export function outcomeOf(link: LinkKind, { measurement, time, fields }: LinkSample): Outcome | undefined {
  const { ok, failure, locked } = fields;
  if (typeof ok !== 'boolean' || failure === 'agent' || !isEvidence(measurement)) return undefined;
  // A receiver that is off or does not answer says nothing of its dish.
  if (measurement === 'signal' && typeof locked !== 'boolean') return undefined;
  // A stream's reading is of thousands of packets, and has no runs of a few to be added up.
  const loss = counting.has(measurement) ? 0 : numberIn(fields, 'loss_ratio');
  const poor =
    numberIn(fields, 'rtt_ms') > lessonNeeds.rttMs ||
    numberIn(fields, 'jitter_ms') > lessonNeeds.jitterMs ||
    loss > lessonNeeds.lossRatio ||
    numberIn(fields, 'uncorrected') > 0 ||
    (typeof fields.margin_db === 'number' && fields.margin_db < lessonNeeds.marginDb);
  const refused = failure === 'target' && paths.has(link) && !cached.has(measurement);
  const up = ok && locked !== false;
  return {
    time,
    ok: up,
    reached: up || refused,
    sent: numberIn(fields, 'sent'),
    received: numberIn(fields, 'received'),
    poor,
  };
}

function numberIn(fields: LinkSample['fields'], name: string): number {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
}
