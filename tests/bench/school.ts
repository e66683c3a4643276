import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configsOf } from '@tongtang/hub/agent-config';
import { buildInventory, type InventoryDocument } from '@tongtang/model/inventory';
import { Authority } from '@tongtang/probes/tls/certificates.fixture';
import type { Config } from '@tongtang/wire/messages';
import { topicOf } from '@tongtang/wire/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { agentsOf, codeFrom } from '../services/api.ts';
import { ClassroomNetwork } from '../services/classroom-network.ts';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { bundleName, layBundle, unitEnvironment, unitFlags } from '../services/shipped-agent.ts';
import { dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';
import { ProcessGroup } from './process-cost.ts';
import { type SchoolServers, startSchoolServers } from './school-servers.ts';
import type { AtEnd } from './tidily.ts';

/**
 * A school as agents find it: a real hub, a real Mosquitto that speaks TLS in front of it with a certificate of an
 * authority of the school's own, a name server, and what there is to measure. Each classroom is a network of its own.
 */
export type School = Readonly<{
  hub: TestHub;
  /** Connected to the broker as the hub is. */
  broker: MqttClient;
  /** Of hub and broker. */
  hubName: string;
  /** The certificate of the school's authority. */
  authorityFile: string;
  /** Lines of mosquitto.conf for TLS under the hub's name. */
  listener: (port: number) => string[];
  classrooms: readonly ClassroomNetwork[];
  /**
   * Starts the shipped agent in the classroom, and waits until the hub sees it.
   * @param folder where its data are; a temporary one where absent
   */
  startAgent: (classroom: number, folder?: string) => Promise<Agent>;
}>;

export type Agent = Readonly<{
  id: string;
  topic: (channel: 'telemetry' | 'config') => string;
  group: ProcessGroup;
  network: ClassroomNetwork;
  /** Tells it other lessons than the inventory does, and a byte budget that it will not meet today. */
  tell: (lessons: Config['lessons']) => Promise<void>;
}>;

type Targets = (servers: SchoolServers) => InventoryDocument['targets'];

const county = { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' };
const schoolId = 'national-middle';
const names = { hub: 'hub.example', platform: 'platform.example' } as const;
const dayOfCertificates = 90;
/** More than it can use: how often it sends shall not depend on the hour at which the benchmark runs. */
const ampleBytes = 100_000_000;

/** @param periods the inventory's; @param targets the inventory's, beside what every agent measures by itself */
export async function openSchool(
  atEnd: AtEnd,
  classroomCount: number,
  periods: NonNullable<InventoryDocument['periods']>,
  targets: Targets = () => [],
): Promise<School> {
  const classrooms = Array.from({ length: classroomCount }, (_, number) => {
    const network = ClassroomNetwork.lay(number);
    atEnd(() => network.remove());
    return network;
  });
  const gateway = classrooms[0]?.gateway ?? '';
  const hubData = dataFolder();
  atEnd(hubData.remove);
  const authority = new Authority(dayOfCertificates);
  atEnd(() => authority.remove());
  const authorityFile = join(hubData.path, 'ca.pem');
  writeFileSync(authorityFile, authority.certificate);
  const hubPair = authority.issue(names.hub, dayOfCertificates);
  const [hubKey, hubCertificate] = [join(hubData.path, 'hub.key'), join(hubData.path, 'hub.pem')];
  writeFileSync(hubKey, hubPair.key);
  writeFileSync(hubCertificate, hubPair.cert);
  const listener = (port: number): string[] => [
    `listener ${port} ${gateway}`,
    `certfile ${hubCertificate}`,
    `keyfile ${hubKey}`,
  ];
  const servers = await startSchoolServers(gateway, authority.issue(names.platform, dayOfCertificates));
  atEnd(servers.stop);

  const document: InventoryDocument = {
    county,
    schools: [
      {
        id: schoolId,
        name: { en: 'National Middle School' },
        classrooms: classrooms.map((_, number) => ({ id: roomOf(number) })),
      },
    ],
    periods,
    targets: targets(servers) ?? [],
  };
  const brokerPort = await freePort();
  const mosquitto = await startMosquittoForHub(hubData.path, { lines: listener(brokerPort) });
  atEnd(mosquitto.stop);
  await importInventory(hubData.path, document);
  const settings = {
    TONGTANG_BROKER: mosquitto.hubUrl,
    TONGTANG_AGENT_BROKER: `mqtts://${names.hub}:${brokerPort}`,
  };
  const hub = await startTestHub(hubData.path, settings, gateway);
  atEnd(() => hub.process().stop());
  const broker = await connectAsync(mosquitto.hubUrl, { clientId: 'bench', protocolVersion: 4 });
  atEnd(() => broker.endAsync());

  const bundle = layBundle();
  atEnd(bundle.remove);
  // Its own copy: pages of a binary that others run too would be shared with them in the figures.
  cpSync(process.execPath, join(bundle.path, 'node'));
  const stampPort = Number(hub.environment.TONGTANG_STAMP?.split(':').at(-1));

  const startAgent = async (number: number, folder?: string): Promise<Agent> => {
    const network = classrooms[number];
    if (network === undefined) throw new Error(`there is no classroom ${number}`);
    network.count({ telemetry: brokerPort, stamp: stampPort });
    const data = dataFolder();
    atEnd(data.remove);
    const env = {
      ...unitEnvironment,
      PATH: process.env.PATH,
      TONGTANG_DATA: folder ?? data.path,
      NODE_EXTRA_CA_CERTS: authorityFile,
    };
    const run = (words: readonly string[]) => network.within(['./node', ...unitFlags, bundleName, ...words]);
    const place = { county: county.id, school: schoolId, classroom: roomOf(number) };
    const code = await codeFrom(hub, place);
    const [program = '', ...words] = run(['enroll', `http://${names.hub}:${new URL(hub.url).port}`, code]);
    // Not synchronously: the name server that it asks runs in this process.
    await promisify(execFile)(program, words, { cwd: bundle.path, env });
    await mosquitto.writeFiles();
    const group = new ProcessGroup(roomOf(number));
    atEnd(() => group.end());
    group.start(run(['run']), { cwd: bundle.path, env });
    const { id } = await eventually('agent online', async () => {
      group.mustRun();
      return (await agentsOf(hub)).find(
        ({ classroom, state }) => classroom === roomOf(number) && state === 'online',
      );
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${group.output}`);
    });
    const address = { county: county.id, school: schoolId, agent: id };
    return {
      id,
      topic: (channel) => topicOf(address, channel),
      group,
      network,
      tell: async (lessons) => {
        const built = buildInventory(document);
        if ('problems' in built) throw new Error(built.problems.join('; '));
        const config = configsOf({ inventory: built.inventory }, ampleBytes, Date.now() / 1000)(place.school);
        const told: Config = { ...config, lessons, revision: `bench-${lessons.length}` };
        await broker.publishAsync(topicOf(address, 'config'), JSON.stringify(told), { qos: 1, retain: true });
      },
    };
  };
  return { hub, broker, hubName: names.hub, authorityFile, listener, classrooms, startAgent };
}

function roomOf(number: number): string {
  return `room-${number + 1}`;
}

/** Makes a document the inventory of a hub that does not run yet. */
export async function importInventory(data: string, document: InventoryDocument): Promise<void> {
  // JSON is YAML.
  const words = ['inventory', 'import', '-'];
  const { code, output } = await tongtang(words, { TONGTANG_DATA: data }, JSON.stringify(document));
  if (code !== 0) throw new Error(output);
}
