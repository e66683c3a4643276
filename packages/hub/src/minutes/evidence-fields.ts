import { fieldOf, hasTag, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { type Inventory, receiverProbes } from '@tongtang/model/inventory';
import { isEvidence } from '@tongtang/model/link-evidence';
import { tasksOf } from '../agent-config.ts';
import { freshSOf } from '../live/agent-view.ts';

/** What LinkEvidence looks at. */
const weighed = [
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
/** What an agent says of itself: how long it slept, and that its hub hears it. */
const ofItself = ['slept_s', 'outbox_oldest_s'] as const;

/** The fields that minutes are made of, by measurement. */
export const evidenceFields: ReadonlyMap<MeasurementName, readonly string[]> = new Map<
  MeasurementName,
  readonly string[]
>([
  ...measurementNames
    .filter((name) => hasTag(name, 'link') && isEvidence(name))
    .map((name) => [name, weighed.filter((field) => fieldOf(name, field) !== undefined)] as const),
  ['agent', ofItself] as const,
]);

const besideReceivers: ReadonlySet<string> = new Set(receiverProbes);

/** How long a run of a probe counts at a school: as live. Seconds. */
export function freshSIn(
  inventory: Inventory,
  school: string,
): (measurement: string, target: string) => number {
  const every = new Map(
    tasksOf(inventory, school).map(({ probe, target, every: seconds }) => [
      `${besideReceivers.has(probe) ? 'signal' : probe} ${target}`,
      seconds,
    ]),
  );
  return freshSOf((measurement, target) => every.get(`${measurement} ${target}`));
}
