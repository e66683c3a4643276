import { ownMachine } from '@tongtang/agent/own-machine';
import type { ProbeSet } from '@tongtang/agent/probe-set';
import { sampleLessonFiles } from '@tongtang/probes/lesson-files/sampler';
import { networkProbes } from '@tongtang/probes/network-probes';

/**
 * A classroom PC measures the ways out of it and itself; the hub adds front-ends, platforms and streams. Receivers are left to
 * the agents beside them.
 */
export const classroom: ProbeSet = (context) => ({
  probes: networkProbes,
  ...ownMachine(context),
  lessonFiles: (folder) => sampleLessonFiles(folder, context.log),
});
