import { agentsOf, codeFrom } from './api.ts';
import { ClassroomNetwork } from './classroom-network.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { county, incidentsIn, settleTaughtCounty, startListener } from './taught-county.ts';
import { dataFolder, launch, type RunningProcess, startTestHub, type TestHub, tongtang } from './tongtang.ts';

/** Schools of real agents in network namespaces, with a hub outside that tells a program. */
export type CuttableSchools = Readonly<{
  hub: TestHub;
  data: string;
  listener: Awaited<ReturnType<typeof startListener>>;
  cut: (school: string) => void;
  mend: (school: string) => void;
}>;

/** A link that is well may be told of once a minute: an agent reports as in lessons when it has heard of them. */
const settledMs = 120_000;

/**
 * @param schools each with so many classrooms
 * @param atEnd is called with what has to be done at the end, in reverse order
 */
export async function startCuttableSchools(
  schools: Readonly<Record<string, number>>,
  atEnd: (step: () => unknown) => void,
): Promise<CuttableSchools> {
  const rooms = Object.entries(schools).flatMap(([school, count]) =>
    Array.from({ length: count }, (_, n) => ({ school, classroom: `c${n + 1}` })),
  );
  const networks = rooms.map((room, number) => {
    const network = ClassroomNetwork.lay(number);
    atEnd(() => network.remove());
    return { ...room, network };
  });
  const gateway = networks[0]?.network.gateway ?? '';
  const data = dataFolder();
  atEnd(data.remove);
  settleTaughtCounty(data.path, schools, 'empty');
  const listener = await startListener(data.path);
  atEnd(() => listener.stop());
  const settings = {
    TONGTANG_MQTT: `${gateway}:${await freePort()}`,
    // Lessons go on around the clock here: a report each ten seconds is more than what eight of them take.
    TONGTANG_BYTES_PER_DAY: '10000000',
  };
  const hub = await startTestHub(data.path, settings, gateway);
  atEnd(() => hub.process().stop());
  const agents: RunningProcess[] = [];
  for (const { school, classroom, network } of networks) {
    const own = dataFolder();
    atEnd(own.remove);
    const environment = { TONGTANG_DATA: own.path };
    const code = await codeFrom(hub, { county, school, classroom });
    const { code: exit, output } = await tongtang(['agent', 'enroll', hub.url, code], environment);
    if (exit !== 0) throw new Error(output);
    const agent = launch(['agent', 'run'], environment, (words) => network.within(words));
    agents.push(agent);
    atEnd(() => agent.stop());
  }
  await eventually(
    'all online',
    async () =>
      (await agentsOf(hub)).filter(({ state }) => state === 'online').length === rooms.length
        ? true
        : undefined,
    settledMs,
  ).catch((error: unknown) => {
    throw new Error(
      `${String(error)}\n${[...agents, hub.process()].map(({ output }) => output()).join('---\n')}`,
    );
  });
  const of = (school: string) =>
    networks.filter((one) => one.school === school).map(({ network }) => network);
  return {
    hub,
    data: data.path,
    listener,
    cut: (school) => {
      for (const network of of(school)) network.cut('both', 'line');
    },
    mend: (school) => {
      for (const network of of(school)) network.mend();
    },
  };
}

/** The incident of a school that is not over. */
export function openIncidentOf(data: string, school: string) {
  return incidentsIn(data).find(({ place, to }) => place.school === school && to === undefined);
}
