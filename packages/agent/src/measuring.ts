import { targetProbes } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Reading } from '@tongtang/model/sample';
import type { Probe, ProbeContext } from '@tongtang/probes/probe';
import { runProbe } from '@tongtang/probes/runner';
import type { Config, ProbeTask } from '@tongtang/wire/messages';
import type { BuiltInTask, Found, ProbeSet, ProbeTable } from './probe-set.ts';
import type { ScheduledTask } from './schedule.ts';
import { lookEveryS, type ThroughputTests } from './throughput/tests.ts';

export type MeasuringOptions = Readonly<{
  set: ReturnType<ProbeSet>;
  /** The hub's targets, if it has said any. */
  config: Config | undefined;
  context: () => ProbeContext;
  tests: Pick<ThroughputTests, 'testIfDue'>;
  /** Local time in milliseconds. */
  nowMs: () => number;
  /** Takes what one run measured, and when it began. */
  onReadings: (readings: readonly Reading[], atMs: number, everyS: number) => void;
}>;

/** Recorded lessons come in hours before they are needed. */
const lessonFilesEveryS = 300;

type Aim = Readonly<{ probe: string; link: LinkKind; target: string; every: number }>;

/**
 * Everything that is to be measured, as tasks of the schedule. Addresses of the hub's targets are checked; those whose probe
 * this agent has not are left to others.
 */
export function measuringTasks(options: MeasuringOptions): { tasks: ScheduledTask[]; problems: string[] } {
  const { set, config, context, tests, nowMs, onReadings } = options;
  const tasks: ScheduledTask[] = [];
  const problems: string[] = [];

  const runner = (every: number, measure: () => Promise<readonly Reading[]>) => async () => {
    const atMs = nowMs();
    onReadings(await measure(), atMs, every);
  };
  const add = (
    key: string,
    beat: Pick<ScheduledTask, 'everyS' | 'prompt' | 'follows'>,
    ...runs: readonly (() => Promise<void>)[]
  ) =>
    tasks.push({
      key,
      ...beat,
      heavy: false,
      run: async () => void (await Promise.all(runs.map((run) => run()))),
    });
  const addTest = (task: ProbeTask) => {
    const key = keyOf(task);
    const test = () => tests.testIfDue(key, task.every, task, context());
    tasks.push({ key, everyS: lookEveryS, heavy: true, run: runner(task.every, test) });
  };
  const probing = (probe: Probe, aim: Aim, find: () => Promise<Found>) =>
    runner(aim.every, async () => [await measureTarget(probe, aim, await find(), context())]);

  // What runs as often shares one wake, which costs more than what is done in it: what is sampled of the machine goes with a
  // probe, and further probes follow. What a change prompts has its own.
  const isPrompted = ({ probe }: BuiltInTask) => set.probes[probe].onChange !== undefined;
  const firstOf = (every: number) => set.builtIn.find((task) => task.every === every && !isPrompted(task));
  for (const task of set.builtIn) {
    const probe = set.probes[task.probe];
    const first = firstOf(task.every) ?? task;
    const follows = first !== task && !isPrompted(task);
    const beat = follows ? { everyS: undefined, follows: keyOf(first) } : beatOf(probe, task);
    const riders = set.samplers.filter(({ every }) => firstOf(every) === task);
    const sampling = riders.map(({ every, sample }) => runner(every, sample));
    add(keyOf(task), beat, probing(probe, task, task.find), ...sampling);
  }
  for (const task of config?.tasks ?? []) {
    const { address } = task;
    const probe = probeNamed(task.probe, set.probes);
    if (probe === undefined) continue;
    const problem = probe.checkAddress(address);
    if (problem !== undefined) problems.push(`${task.target}: ${problem}`);
    else if (task.probe === 'throughput') addTest(task);
    else add(keyOf(task), beatOf(probe, task), probing(probe, task, found(address)));
  }
  for (const { name, every, sample } of set.samplers)
    if (firstOf(every) === undefined) add(name, { everyS: every }, runner(every, sample));
  const { lessonFiles: folder } = config ?? {};
  const look = set.lessonFiles;
  if (folder !== undefined && look !== undefined)
    add(
      'lesson_files',
      { everyS: lessonFilesEveryS },
      runner(lessonFilesEveryS, () => look(folder)),
    );
  return { tasks, problems };
}

function found(address: string): () => Promise<Found> {
  return async () => ({ address });
}

function probeNamed(name: string, probes: ProbeTable): Probe | undefined {
  const known = targetProbes.find((probe) => probe === name);
  return known && probes[known];
}

/** The series that it fills. */
function keyOf({ probe, link, target }: Aim): string {
  return `${probe} ${link} ${target}`;
}

/** When a probe runs, which is what it was asked to where it says nothing else. */
function beatOf({ onChange }: Probe, { link, every }: Aim): Pick<ScheduledTask, 'everyS' | 'prompt'> {
  if (onChange === undefined) return { everyS: every };
  const { apartS, only } = onChange;
  return { everyS: only ? undefined : Math.max(every, apartS), prompt: { by: link, apartS } };
}

async function measureTarget(
  probe: Probe,
  { link, target }: Aim,
  found: Found,
  context: ProbeContext,
): Promise<Reading> {
  if (found.address !== undefined) return runProbe(probe, { link, target, address: found.address }, context);
  const { source, error } = found;
  return {
    measurement: probe.measurement,
    tags: { link, target },
    fields: { ok: false, duration_ms: 0, failure: source, error },
  };
}
