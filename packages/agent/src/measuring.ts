import type { TargetProbe } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Reading } from '@tongtang/model/sample';
import type { ProbeContext } from '@tongtang/probes/probe';
import { probes } from '@tongtang/probes/registry';
import { runProbe } from '@tongtang/probes/runner';
import type { Config } from '@tongtang/wire/messages';
import type { Found, ProbeSet } from './probe-set.ts';
import type { ScheduledTask } from './schedule.ts';

export type MeasuringOptions = Readonly<{
  set: ReturnType<ProbeSet>;
  /** The hub's targets, if it has said any. */
  config: Config | undefined;
  context: () => ProbeContext;
  /** Local time in milliseconds. */
  nowMs: () => number;
  /** Takes what one run measured, and when it began. */
  onReadings: (readings: readonly Reading[], atMs: number, everyS: number) => void;
}>;

type Aim = Readonly<{ probe: TargetProbe; link: LinkKind; target: string; every: number }>;

/** Everything that is to be measured, as tasks of the schedule. Addresses of the hub's targets are checked. */
export function measuringTasks(options: MeasuringOptions): { tasks: ScheduledTask[]; problems: string[] } {
  const { set, config, context, nowMs, onReadings } = options;
  const tasks: ScheduledTask[] = [];
  const problems: string[] = [];

  const add = (key: string, every: number, measure: () => Promise<readonly Reading[]>) => {
    const run = async () => {
      const atMs = nowMs();
      onReadings(await measure(), atMs, every);
    };
    tasks.push({ key, everyS: every, heavy: false, run });
  };
  const addProbe = (aim: Aim, find: () => Promise<Found>) =>
    add(`${aim.probe} ${aim.link} ${aim.target}`, aim.every, async () => [
      await measureTarget(aim, await find(), context()),
    ]);

  for (const task of set.builtIn) addProbe(task, task.find);
  for (const task of config?.tasks ?? []) {
    const { address } = task;
    const problem = probes[task.probe].checkAddress(address);
    if (problem === undefined) addProbe(task, async () => ({ address }));
    else problems.push(`${task.target}: ${problem}`);
  }
  for (const { name, every, sample } of set.samplers) add(name, every, sample);
  return { tasks, problems };
}

async function measureTarget(
  { probe, link, target }: Aim,
  found: Found,
  context: ProbeContext,
): Promise<Reading> {
  if (found.address !== undefined)
    return runProbe(probes[probe], { link, target, address: found.address }, context);
  const { source, error } = found;
  return {
    measurement: probes[probe].measurement,
    tags: { link, target },
    fields: { ok: false, duration_ms: 0, failure: source, error },
  };
}
