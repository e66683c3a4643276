import { fieldOf, hasTag, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { type Inventory, receiverProbes } from '@tongtang/model/inventory';
import { evidenceFields, isEvidence } from '@tongtang/model/link-evidence';
import { tasksOf } from '../agent-config.ts';
import { freshSOf } from '../live/agent-view.ts';

/** What an agent says of itself: how long it slept, and that its hub hears it. */
const ofItself = ['slept_s', 'outbox_oldest_s'] as const;

/** The fields that minutes are made of, by measurement. */
export const minuteFields: ReadonlyMap<MeasurementName, readonly string[]> = new Map<
  MeasurementName,
  readonly string[]
>([
  ...measurementNames
    .filter((name) => hasTag(name, 'link') && isEvidence(name))
    .map((name) => [name, evidenceFields.filter((field) => fieldOf(name, field) !== undefined)] as const),
  ['agent', ofItself] as const,
  ['lesson_files', ['readable', 'entries']] as const,
]);

const besideReceivers: ReadonlySet<string> = new Set(receiverProbes);

type FreshS = (measurement: string, target: string) => number;

/** By inventory, which is another object when it is another. */
const known = new WeakMap<Inventory, Map<string, FreshS>>();

/** How long a run of a probe counts at a school: as live. Seconds. */
export function freshSIn(inventory: Inventory, school: string): FreshS {
  const ofCounty = known.get(inventory) ?? new Map<string, FreshS>();
  known.set(inventory, ofCounty);
  const before = ofCounty.get(school);
  if (before !== undefined) return before;
  const every = new Map(
    tasksOf(inventory, school).map(({ probe, target, every: seconds }) => [
      `${besideReceivers.has(probe) ? 'signal' : probe} ${target}`,
      seconds,
    ]),
  );
  const fresh = freshSOf((measurement, target) => every.get(`${measurement} ${target}`));
  ofCounty.set(school, fresh);
  return fresh;
}
