import { units } from '@tongtang/incidents/thresholds';
import { schoolStates } from '@tongtang/model/conclusions';
import { thresholds } from '@tongtang/model/condition-thresholds';
import { lessonNeeds, marginLimits } from '@tongtang/model/link';
import { objective } from './objective.ts';

/** A value from which on another colour holds; the first has no value, it holds below all others. */
export type Step = Readonly<{ from: number | null; colour: 'green' | 'orange' | 'red' | 'gray' }>;
export type Limits = readonly Step[];

const gateway = units['gateway-poor'];
const { 'disk-full': disk, 'clock-wrong': clock } = thresholds;

/**
 * From where on a value is orange or red. What lessons need, and when incidents open, stands where it always stands; the rest is
 * said here.
 */
export const limits = {
  none: [{ from: null, colour: 'green' }],
  lessonLoss: higher(undefined, lessonNeeds.lossRatio),
  lessonRtt: higher(undefined, lessonNeeds.rttMs),
  lessonJitter: higher(undefined, lessonNeeds.jitterMs),
  lanLoss: higher(lessonNeeds.lossRatio, gateway.loss),
  lanRtt: higher(undefined, gateway.rttMs),
  margin: lower(marginLimits.degraded, marginLimits.critical),
  // A good lesson has 95 % of good minutes; a stream that is good in fewer of its seconds makes none.
  streamScore: lower(99, 95),
  anything: higher(undefined, 1),
  disk: higher(disk.clear, disk.fire),
  clock: [
    { from: null, colour: 'red' },
    { from: -clock.fire, colour: 'green' },
    { from: clock.fire, colour: 'red' },
  ],
  busy: higher(0.85, 0.95),
  // Agents report once a minute at least, and after an outage catch up at a bounded rate.
  backlogAge: higher(600, 3600),
  // What systemd gives an agent at most: infra/systemd/tongtang-agent.service.
  agentMemory: higher(128 * 1024 ** 2, 192 * 1024 ** 2),
  agentCpu: higher(0.05, 0.2),
  // An agent's budget where nothing else is set, in bytes a day: docs/architecture.md.
  agentBytes: higher(1_200_000, 2_200_000),
  certificate: lower(21, 7),
  yes: lower(1, 0.95),
  // A lesson is delivered with 95 % of good minutes; what the bureau wants of all of them is its objective.
  availability: lower(objective, 0.95),
  // Below half nothing is judged: docs/reports.md.
  coverage: lower(0.95, 0.5),
  school: [
    { from: null, colour: 'gray' },
    { from: schoolStates.fine, colour: 'green' },
    { from: schoolStates.trouble, colour: 'orange' },
    { from: schoolStates.critical, colour: 'red' },
  ],
} as const satisfies Readonly<Record<string, Limits>>;

export type LimitName = keyof typeof limits;

function higher(orange: number | undefined, red: number): Limits {
  return [
    { from: null, colour: 'green' },
    ...(orange === undefined ? [] : [{ from: orange, colour: 'orange' } as const]),
    { from: red, colour: 'red' },
  ];
}

/** Red below `red`, orange below `orange`. */
function lower(orange: number, red: number): Limits {
  return [
    { from: null, colour: 'red' },
    { from: red, colour: 'orange' },
    { from: orange, colour: 'green' },
  ];
}
