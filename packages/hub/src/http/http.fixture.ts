import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentKind } from '@tongtang/model/agent-kind';
import { printPdf } from '@tongtang/reports/formats/pdf';
import { createLog } from '@tongtang/runtime/log';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openQuarantine } from '@tongtang/store/quarantine/quarantine';
import { openReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry } from '@tongtang/store/registry/open';
import type { Role } from '@tongtang/store/registry/users';
import { openIssuedReports } from '@tongtang/store/reports/issued-reports';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { deskInMemory } from '../incidents/desk.fixture.ts';
import type { AgentPresent, Fleet, LatestValue, LiveEvent } from '../live/live.ts';
import { minutesIn } from '../minutes/minutes-file.ts';
import { surroundingsOf } from '../minutes/surroundings.ts';
import { openCountyDays } from '../readiness/county-days.ts';
import { ReportsDesk } from '../reports/desk.ts';
import { openReportMaker } from '../reports/report-maker.ts';
import { reportsIn } from '../reports/reports-file.ts';
import type { HttpDeps, HttpSettings } from './deps.ts';
import { startHttp } from './server.ts';

export const adminToken = 'the admin token of these tests'.replaceAll(' ', '-');
/** The tests' present. */
export const nowS = 1_767_600_000;

/** A hub's HTTP side on a free port: real registry, telemetry, ledger and quarantine; the fleet is told by the test. */
export async function startFixture(
  settings: Partial<HttpSettings> = {},
  deps: Partial<HttpDeps> = {},
  surroundings = surroundingsOf(
    () => [],
    () => [],
    () => nowS,
  ),
) {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-http-'));
  const log = createLog('error');
  const registry = openRegistry(join(folder, 'registry.db'), log, () => new Date(nowS * 1000));
  registry.ensureStarterInventory();
  const telemetry = openSqliteStore(join(folder, 'telemetry.db'), { log, nowS: () => nowS });
  const ledger = openLedger(join(folder, 'ledger.db'), log);
  const quarantine = openQuarantine(join(folder, 'quarantine.db'), log);
  const readiness = openReadinessResults(join(folder, 'lessons.db'), log);
  const days = openCountyDays(registry);
  const minutes = openMinutes(minutesIn(folder), log);
  const reportStore = openIssuedReports(reportsIn(folder), log);
  const maker = openReportMaker(folder);
  const fleet = openFleet();

  async function token(role: Role): Promise<string> {
    await registry.addUser({ name: `a-${role}`, role }, 'test');
    return registry.createToken(`a-${role}`, 'test', 'test')?.token ?? '';
  }
  const tokens = {
    admin: await token('admin'),
    technician: await token('technician'),
    bureau: await token('bureau'),
  };

  const http = await startHttp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      adminToken,
      mqtt: { protocol: 'mqtt', port: 1883 },
      stamp: { port: 8620 },
      onlyHere: () => [],
      consoleFolder: join(folder, 'console'),
      throughput: 'agents',
      ...settings,
    },
    log,
    registry,
    fleet,
    incidents: deskInMemory([]),
    telemetry,
    ledger,
    quarantine,
    days,
    readiness,
    outcomes: { minutes, surroundings, log },
    reports: new ReportsDesk({
      store: reportStore,
      registry,
      settledTo: (county) => minutes.settledTo(county),
      notifier: undefined,
      maker,
      print: printPdf,
      isSimulated: false,
      mayRun: () => true,
      log,
      nowS: () => nowS,
    }),
    metrics: async () => 'tongtang_up 1\n',
    refused: () => {},
    checks: { store: () => telemetry.check(), broker: async () => {} },
    ingestBusy: () => false,
    clockBelieved: () => true,
    setAsides: () => [],
    simulated: false,
    nowS: () => nowS,
    ...deps,
  });

  /** Asks the API, in the name of the bearer token if there is one. */
  async function ask(method: string, path: string, body?: unknown, bearer?: string) {
    const response = await fetch(http.address + path, {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Lets an agent have measured: lines of line protocol, times in seconds. */
  async function write(agent: string, ...lines: string[]): Promise<void> {
    const place = registry.agent(agent)?.place;
    if (place === undefined) throw new Error(`no agent ${agent}`);
    const samples = lines.map((line) => {
      const sample = decodeLine(line);
      if ('reason' in sample) throw new Error(sample.reason);
      return sample;
    });
    await telemetry.write([{ place, samples }]);
  }

  function enrol(kind: AgentKind = 'classroom'): string {
    const seat = { county: 'local', school: 'school', classroom: 'room-1', kind } as const;
    const code = registry.createEnrolmentCode(seat, 'test');
    const result = registry.enrol({ code: code.ok ? code.code : '', passwordHash: '$7$1$YQ==$YQ==' });
    if (!result.ok) throw new Error(result.reason);
    return result.agent.id;
  }

  async function stop(): Promise<void> {
    await http.stop();
    await maker.stop();
    reportStore.close();
    await telemetry.close();
    ledger.close();
    quarantine.close();
    days.stop();
    readiness.close();
    minutes.close();
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    ...http,
    folder,
    registry,
    telemetry,
    ledger,
    quarantine,
    readiness,
    minutes,
    fleet,
    tokens,
    ask,
    write,
    enrol,
    stop,
  };
}

function openFleet() {
  const listeners = new Set<(event: LiveEvent) => void>();
  const presents = new Map<string, AgentPresent>();
  const samples = new Map<string, LatestValue[]>();
  const watched: { agents: readonly string[]; user: string }[] = [];
  return {
    agents: () => [...presents.values()],
    latest: (agent) => samples.get(agent) ?? [],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async watch(agents, user) {
      watched.push({ agents, user });
    },
    presents,
    samples,
    watched,
    listeners: () => listeners.size,
    tell(event: LiveEvent) {
      for (const listener of listeners) listener(event);
    },
  } satisfies Fleet & Record<string, unknown>;
}
