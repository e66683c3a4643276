import { randomBytes } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { BrokerLimits } from '@tongtang/broker/broker-limits';
import { EmbeddedBroker } from '@tongtang/broker/embedded';
import type { BrokerLink } from '@tongtang/broker/link';
import type { Notifier } from '@tongtang/notify/notifier';
import { startReflector } from '@tongtang/probes/stamp/reflector';
import { messageOf } from '@tongtang/runtime/errors';
import { lockFolder } from '@tongtang/runtime/folder-lock';
import type { HostPort } from '@tongtang/runtime/host-port';
import { type Part, stopAll } from '@tongtang/runtime/lifecycle';
import type { Log } from '@tongtang/runtime/log';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { keepHeapTight } from '@tongtang/runtime/tight-heap';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openTelemetryStore, sqliteFileOf } from '@tongtang/store/open';
import { openQuarantine } from '@tongtang/store/quarantine/quarantine';
import { openReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { setAsidesIn } from '@tongtang/store/set-aside';
import { leaveAddress, makeCommandLineToken } from './command-line-token.ts';
import { startConclusions } from './conclusions/start.ts';
import { ConfigPush } from './config-push.ts';
import { followCounties } from './counties.ts';
import type { HttpSettings } from './http/deps.ts';
import { startHttp } from './http/server.ts';
import { HubClock } from './hub-clock.ts';
import { IncidentWatch } from './incidents/incident-watch.ts';
import { incidentsIn } from './incidents/incidents-file.ts';
import { Ingest, type IngestParts } from './ingest/ingest.ts';
import { Commands } from './live/commands.ts';
import { LiveFleet } from './live/fleet.ts';
import { recallFleet } from './live/recall.ts';
import { rememberFleet } from './live/remember.ts';
import { startMaintenance } from './maintenance.ts';
import { createMetrics, type HubMetrics } from './metrics.ts';
import { MinuteKeeper } from './minutes/minute-keeper.ts';
import { minutesIn } from './minutes/minutes-file.ts';
import { surroundingsOf } from './minutes/surroundings.ts';
import { openNotifier } from './notifier.ts';
import { openObserver } from './observer.ts';
import { onlyHere } from './only-here.ts';
import { precedence } from './precedence.ts';
import { Presence } from './presence.ts';
import { openCountyDays } from './readiness/county-days.ts';
import { fromIncidents } from './readiness/from-incidents.ts';
import { startLessonChecks } from './readiness/start.ts';
import { startReports } from './reports/start.ts';
import { openSunOutages } from './sun-outages.ts';
import type { ThroughputAccess } from './throughput/access.ts';

export type HubSettings = Readonly<{
  dataFolder: string;
  http: HostPort;
  /** Of the embedded broker. */
  mqtt: HostPort;
  stamp: HostPort;
  /** A location as {@link openTelemetryStore} wants it. */
  store: string;
  /** URL of a broker that takes the place of the embedded one. */
  broker?: string;
  /** URL handed to agents at enrolment, where it is another than the hub's own. */
  agentBroker?: string;
  /** A bearer token with the admin role. */
  adminToken?: string;
  /** The console as `npm run build` leaves it; may be missing. */
  consoleFolder: string;
  bytesPerDay: number;
  /** Who may test the throughput to this hub. */
  throughput: ThroughputAccess;
  /** Whom to tell and how; nobody is told where it is absent. */
  notifyFile?: string;
  /** Of the embedded broker, where its own do not fit. */
  limits?: Partial<BrokerLimits>;
}>;

export type RunningHub = Readonly<{
  /** `http://host:port` */
  http: string;
  /** Absent with an external broker. */
  mqtt?: HostPort;
  stamp: HostPort;
  registry: Registry;
  /** Where there is a notify file. */
  notifier?: Notifier;
  stop: () => Promise<void>;
}>;

/**
 * Of so many agents the heap is kept tight: what is in use grows with them, and left alone V8 lets lie as much again and more beside it. With
 * few that is nothing, and a busy ingest goes a tenth slower where garbage is collected at once. Percent.
 */
const manyAgents = 1000;
const heapGrowth = 30;

/**
 * Starts a hub. Sinks are open before anything can flow into them; what starts first stops last.
 *
 *      agents ══▶ broker ─▶ ingest ─▶ store, ledger (quarantine)
 *                   │ │        ├────▶ fleet ─▶ HTTP API ══▶ console
 *                   │ │        └────▶ incidents ─▶ notify ══▶ people
 *                   │ └─▶ presence ─▶ fleet, incidents
 *      agents ◀═════╧═══ commit, config, command
 *
 * @throws where another hub runs on the data folder, it holds simulated data and store or broker are elsewhere, a port is taken, the data folder cannot be written, or a setting cannot be used
 */
export async function startHub(settings: HubSettings, log: Log): Promise<RunningHub> {
  /** Newest first, as they stop. */
  const parts: Part[] = [];
  const started = (name: string, stop: Part['stop']): number => parts.unshift({ name, stop });
  const stop = (): Promise<void> => stopAll(parts, log);
  const simulated = isSimulated(settings.dataFolder);
  if (simulated) assertApart(settings);
  const folder = resolve(settings.dataFolder, 'hub');
  const unlock = lockFolder(folder);
  if (unlock === undefined) throw new Error(`another hub runs on ${folder}`);
  started('folder', unlock);
  try {
    const registry = openRegistry(join(folder, 'registry.db'), log.child({ part: 'registry' }));
    started('registry', () => registry.close());
    registry.ensureStarterInventory();
    registry.ensureFirstAdmin();
    registry.waitBriefly();
    const clock = new HubClock(join(folder, 'clock.json'), log.child({ part: 'clock' }));
    clock.start();
    started('clock', () => clock.stop());
    const { dataFolder, store } = settings;
    const telemetry = await openTelemetryStore(store, {
      dataFolder,
      log: log.child({ part: 'store' }),
      nowS,
      onReplaced: (setAside) => void auditLoss(registry, setAside, log),
    });
    const telemetryFile = sqliteFileOf(store, dataFolder);
    const setAsides = () =>
      setAsidesIn(telemetryFile === undefined ? [folder] : [folder, dirname(telemetryFile)]);
    started('store', () => telemetry.close());
    const agentCount = registry.agents().length;
    if (agentCount >= manyAgents) keepHeapTight(heapGrowth);
    const mayHaveSent = agentCount > 0;
    const ledger = openLedger(join(folder, 'ledger.db'), log.child({ part: 'ledger' }), mayHaveSent);
    started('ledger', () => ledger.close());
    const quarantine = openQuarantine(join(folder, 'quarantine.db'), log.child({ part: 'quarantine' }));
    started('quarantine', () => quarantine.close());
    const readiness = openReadinessResults(join(folder, 'lessons.db'), log.child({ part: 'readiness' }));
    started('readiness', () => readiness.close());
    const minutes = openMinutes(minutesIn(dataFolder), log.child({ part: 'minutes' }));
    started('minutes file', () => minutes.close());
    const metrics = createMetrics();
    const notifier = openNotifier(settings, metrics, log.child({ part: 'notify' }));
    if (notifier !== undefined) started('notify', () => notifier.stop());
    const incidentStore = openIncidentStore(incidentsIn(dataFolder), log.child({ part: 'incidents' }));
    started('incident store', () => incidentStore.close());
    metrics.gauge(
      'databases_set_aside',
      'Damaged databases that lie beside those in use',
      () => setAsides().length,
    );
    metrics.gauge('clock_believed', 'Whether the clock can be believed', () => Number(clock.isBelieved()));
    const { link, listen } = await openBroker(settings, registry, metrics, log.child({ part: 'broker' }));
    started('broker', () => link.close());

    const commands = commandsOf(link, registry);
    const fleet = new LiveFleet({ registry, commands, nowS });
    fleet.start();
    started('fleet', () => fleet.stop());
    const mayRun = (): boolean => clock.isBelieved();
    const busy = precedence(() => ingest.busy || presence.crowded);
    const keeping = { telemetry, minutes, registry, nowS, mayRun, busy, log: log.child({ part: 'minutes' }) };
    const keeper = new MinuteKeeper(keeping);
    started('minutes', () => keeper.stop());
    started('maintenance', startMaintenance(telemetry, log.child({ part: 'store' }), nowS, mayRun));

    const sunOutages = openSunOutages();
    const incidents = new IncidentWatch({
      registry,
      store: incidentStore,
      telemetry,
      sunOutages,
      bytesPerDay: settings.bytesPerDay,
      ...(notifier !== undefined && { notifier }),
      announce: (id) => {
        fleet.announce(id);
        conclusions?.changed(id);
      },
      metrics,
      mayRun,
      busy,
      log: log.child({ part: 'incidents' }),
      nowS,
    });
    incidents.start();
    started('incidents', () => incidents.stop());

    const surroundings = surroundingsOf(
      (county, { from, to }) => incidents.list({ county, from, to }),
      (county) => incidents.windows(county),
      nowS,
    );
    const outcomes = { minutes, surroundings, log: log.child({ part: 'minutes' }) };
    const conclusions = startConclusions(store, dataFolder, {
      registry,
      incidents: incidentStore,
      minutes,
      outcomes,
      readiness,
      sunOutages,
      mayRun,
      busy,
      log: log.child({ part: 'conclusions' }),
      nowS,
    });
    if (conclusions !== undefined) started('conclusions', conclusions.stop);

    const shared = { registry, link, hub: randomBytes(8).toString('hex'), metrics, nowS };
    const { bytesPerDay } = settings;
    const configPush = new ConfigPush({ ...shared, bytesPerDay, log: log.child({ part: 'config' }) });
    configPush.start();
    started('config', () => configPush.stop());
    const observe: IngestParts['observe'] = (agent, samples) => {
      clock.hear(agent, samples);
      fleet.observe(agent, samples);
    };
    const ingestLog = log.child({ part: 'ingest' });
    const ingest = new Ingest({
      ...shared,
      clock,
      telemetry,
      ledger,
      quarantine,
      observe,
      stored(batches) {
        keeper.stored(batches);
        for (const { place, samples, arrivedAt } of batches)
          incidents.stored(place.agent, samples, arrivedAt);
      },
      askForWhole: (agent) => presence.askForWhole(agent),
      log: ingestLog,
    });
    started('ingest', () => ingest.stop());
    const setStatus: LiveFleet['setStatus'] = (agent, state, version) => {
      keeper.heard(agent.id, state);
      fleet.setStatus(agent, state, version);
    };
    const presence = new Presence({
      ...shared,
      ledger,
      fleet: { setStatus },
      incidents,
      configPush,
      commands,
      log: log.child({ part: 'presence' }),
    });
    started('presence', () => presence.stop());
    keeper.start();
    const follow = async (county: string): Promise<void> => {
      await ingest.follow(county);
      await presence.follow(county);
    };
    const unfollow = await followCounties(registry, follow, log.child({ part: 'counties' }));
    started('counties', unfollow);

    const days = openCountyDays(registry);
    started('days', () => days.stop());
    const lessonChecks = startLessonChecks({
      registry,
      fleet,
      days,
      results: readiness,
      ...fromIncidents(incidents, registry, nowS),
      sunOutages,
      take: notifier?.take,
      count: (state) => metrics.readiness.inc({ state }),
      mayRun,
      nowS,
      log: log.child({ part: 'readiness' }),
    });
    started('lesson checks', lessonChecks);

    const reports = startReports(dataFolder, {
      registry,
      settledTo: (county) => minutes.settledTo(county),
      notifier,
      isSimulated: simulated,
      mayRun: () => clock.isBelieved() && !busy(),
      log: log.child({ part: 'reports' }),
      nowS,
    });
    started('reports', reports.stop);

    // Before all else that is open to others: agents wait for their commits.
    const mqtt = await listen();
    if (agentCount >= manyAgents) presence.awaitCrowd();
    const { host, port } = settings.stamp;
    const reflector = await startReflector({ host, port, log: log.child({ part: 'stamp' }) });
    started('stamp', reflector.stop);
    const checks = { store: () => telemetry.check(), broker: async () => assertConnected(link) };
    const http = await startHttp({
      settings: {
        ...httpSettings(settings, mqtt, reflector.address),
        commandLineToken: makeCommandLineToken(dataFolder),
      },
      log: log.child({ part: 'http' }),
      registry,
      fleet,
      incidents,
      telemetry,
      ledger,
      quarantine,
      days,
      readiness,
      outcomes,
      reports: reports.desk,
      metrics: () => metrics.registry.metrics(),
      refused: (reason) => metrics.httpRefused.inc({ reason }),
      checks,
      ingestBusy: busy,
      clockBelieved: () => clock.isBelieved(),
      setAsides,
      simulated,
      nowS,
    });
    started('http', http.stop);
    const { host: httpHost } = settings.http;
    leaveAddress(
      dataFolder,
      `${httpHost.includes(':') ? `[${httpHost}]` : httpHost}:${new URL(http.address).port}`,
    );
    const remembering = { registry, minutes, ledger, fleet, busy, nowS, log: log.child({ part: 'fleet' }) };
    started('remember', rememberFleet(remembering));
    // Pages may be empty for a moment; what this takes must not come before the agents.
    started('recall', recallFleet(telemetry, fleet, log.child({ part: 'fleet' }), nowS(), busy));
    log.info({ http: http.address, mqtt, stamp: reflector.address }, 'the hub runs');
    const addresses = { http: http.address, ...(mqtt && { mqtt }), stamp: reflector.address };
    return { ...addresses, registry, ...(notifier && { notifier }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Simulated data stay in their folder: no broker or store is used that others may use as well. */
function assertApart({ dataFolder, store, broker }: HubSettings): void {
  if (store !== 'sqlite:' || broker !== undefined)
    throw new Error(
      `${dataFolder} holds simulated data: leave out the settings store and broker, or name another folder`,
    );
}

/** So that it is on record when the damaged file is long taken away. */
async function auditLoss(registry: Registry, setAside: string, log: Log): Promise<void> {
  try {
    await registry.writable();
    registry.audit({ who: 'hub', action: 'replace damaged store', what: basename(setAside) });
  } catch (error) {
    log.error({ error: messageOf(error), setAside }, 'that the store was replaced is not in the audit trail');
  }
}

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

/** The way to the broker, and how to let agents in once everybody inside listens; an external one has its own port. */
async function openBroker(
  { dataFolder, mqtt, broker: url, limits = {} }: HubSettings,
  agents: Registry,
  metrics: HubMetrics,
  log: Log,
): Promise<{ link: BrokerLink; listen: () => Promise<HostPort | undefined> }> {
  if (url !== undefined) {
    // A hub with a broker of its own starts without an MQTT client.
    const { openExternalBroker } = await import('@tongtang/broker/external');
    const link = openExternalBroker(url, log, `tongtang-hub-${randomBytes(4).toString('hex')}`);
    metrics.gauge('broker_connected', 'Whether the external broker is connected', () =>
      Number(link.connected()),
    );
    return { link, listen: async () => undefined };
  }
  const broker = await EmbeddedBroker.open({ agents, observer: openObserver(dataFolder), log, limits });
  metrics.watchBroker(() => broker.counters());
  const { host } = mqtt;
  const listen = async (): Promise<HostPort> => ({ host, port: await broker.listen(host, mqtt.port) });
  return { link: broker.link(), listen };
}

function commandsOf(link: BrokerLink, registry: Registry): Commands {
  return new Commands({
    link,
    nowS,
    audit: async (who, action, agents) => {
      await registry.writable();
      const named = agents.length <= 5;
      registry.audit({ who, action, what: named ? agents.join(', ') : `${agents.length} agents` });
    },
  });
}

function httpSettings(settings: HubSettings, mqtt: HostPort | undefined, stamp: HostPort): HttpSettings {
  const { http, adminToken, consoleFolder, agentBroker, broker } = settings;
  const url = agentBroker ?? broker;
  return {
    ...http,
    ...(adminToken !== undefined && { adminToken }),
    consoleFolder,
    throughput: settings.throughput,
    mqtt: url === undefined ? { protocol: 'mqtt', port: mqtt?.port ?? settings.mqtt.port } : serviceAt(url),
    stamp: { port: stamp.port },
    onlyHere: (http) => onlyHere(http, settings),
  };
}

/** Where a broker's URL leads, without the user and password in it. */
function serviceAt(url: string): HttpSettings['mqtt'] {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'mqtts:';
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    host: hostname,
    port: port === '' ? (secure ? 8883 : 1883) : Number(port),
  };
}

function assertConnected(link: BrokerLink): void {
  if (!link.connected()) throw new Error('not connected to the broker');
}
