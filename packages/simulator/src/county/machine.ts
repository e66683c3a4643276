import type { AgentKind } from '@tongtang/model/agent-kind';
import type { MeasurementName } from '@tongtang/model/catalogue';
import { type Inventory, receiverProbes, type School, type Target } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import { machineRoom } from './furnish.ts';

/** One series of readings of a machine, and how often its probe runs. */
export type Task = Readonly<{
  measurement: Exclude<MeasurementName, 'interface'>;
  /** Absent where the machine measures itself. */
  link?: LinkKind;
  target?: string;
  everyS: number;
}>;

/** A machine with an agent. */
export type Machine = Readonly<{
  /** `<school>/<classroom>` */
  name: string;
  kind: AgentKind;
  school: School;
  classroom: string;
  tasks: readonly Task[];
}>;

/** What agents do without being told: packages/agent/src/own-machine.ts. */
const ownTasks: readonly Task[] = [
  { measurement: 'ping', link: 'lan', target: 'gateway', everyS: 10 },
  { measurement: 'stamp', link: 'broadband', target: 'hub', everyS: 10 },
  { measurement: 'dns', link: 'broadband', target: 'resolver', everyS: 30 },
  { measurement: 'path', link: 'broadband', target: 'hub', everyS: 86_400 },
  { measurement: 'host', everyS: 30 },
  { measurement: 'agent', everyS: 60 },
];
/** Where the inventory does not say: packages/hub/src/agent-config.ts. Seconds. */
const every = { target: 60, platform: 300, certificate: 3600, day: 86_400 } as const;

const besideReceivers: ReadonlySet<string> = new Set(receiverProbes);

/** Every machine of a furnished county: a PC in each classroom, and one beside the receiver. */
export function machinesOf(inventory: Inventory): Machine[] {
  return inventory.schools.flatMap((school) =>
    school.classrooms.map(({ id: classroom }, index): Machine => {
      const kind = classroom === machineRoom ? 'receiver' : 'classroom';
      const tasks = [...ownTasks, ...targetTasks(inventory, school, kind, index === 0)];
      return { name: `${school.id}/${classroom}`, kind, school, classroom, tasks };
    }),
  );
}

/** @param tests whether this is the machine of the school whose turn it is to test the throughput */
function targetTasks(
  { targets, platforms }: Inventory,
  school: School,
  kind: AgentKind,
  tests: boolean,
): Task[] {
  const own = targets.filter(
    ({ probe, schools }) =>
      (schools?.includes(school.id) ?? true) &&
      (kind === 'receiver' || !besideReceivers.has(probe)) &&
      (tests || probe !== 'throughput'),
  );
  return [
    ...own.map(({ probe, link, id: target, every: entered }: Target): Task => {
      const usual = probe === 'throughput' || probe === 'path' ? every.day : every.target;
      return { measurement: measurementOf(probe), link, target, everyS: entered ?? usual };
    }),
    ...platforms.flatMap(({ id: target, url }): Task[] =>
      url === undefined
        ? []
        : [
            { measurement: 'http', link: 'platform', target, everyS: every.platform },
            ...(url.startsWith('https:')
              ? [{ measurement: 'tls', link: 'platform', target, everyS: every.certificate } as const]
              : []),
          ],
    ),
  ];
}

/** What a probe fills. */
function measurementOf(probe: Target['probe']): Task['measurement'] {
  switch (probe) {
    case 'snmp':
    case 'satip':
    case 'dvb':
      return 'signal';
    default:
      return probe;
  }
}
