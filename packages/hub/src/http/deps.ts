import type { Log } from '@tongtang/runtime/log';
import type { Ledger } from '@tongtang/store/ledger/ledger';
import type { Quarantine } from '@tongtang/store/quarantine/quarantine';
import type { ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import type { Registry } from '@tongtang/store/registry/open';
import type { SetAside } from '@tongtang/store/set-aside';
import type { TelemetryStore } from '@tongtang/store/telemetry';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { Fleet } from '../live/live.ts';
import type { OutcomesParts } from '../minutes/outcomes.ts';
import type { CountyDays } from '../readiness/county-days.ts';
import type { ReportsDesk } from '../reports/desk.ts';
import type { ThroughputAccess } from '../throughput/access.ts';
import type { HttpRefusal } from './app.ts';

/** Where an agent finds a service; without a host it is the host where the agent found the hub. */
export type ServiceAddress = Readonly<{ host?: string; port: number }>;

export type HttpSettings = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** A bearer token with the admin role. */
  adminToken?: string;
  /** The same for the command line on the hub's own machine. */
  commandLineToken?: string;
  /** Handed to agents at enrolment. */
  mqtt: ServiceAddress & Readonly<{ protocol: 'mqtt' | 'mqtts' }>;
  stamp: ServiceAddress;
  /** Settings that keep agents on other machines away, where those are told to find the hub by this host. */
  onlyHere: (http: string) => readonly string[];
  /** The console as `npm run build` leaves it; may be missing. */
  consoleFolder: string;
  /** Who may test the throughput to this hub. */
  throughput: ThroughputAccess;
}>;

/** What the API stands on. */
export type HttpDeps = Readonly<{
  settings: HttpSettings;
  log: Log;
  registry: Registry;
  fleet: Fleet;
  incidents: IncidentDesk;
  telemetry: Pick<TelemetryStore, 'series'>;
  ledger: Pick<Ledger, 'outboxes' | 'earlier'>;
  quarantine: Pick<Quarantine, 'list'>;
  days: Pick<CountyDays, 'of'>;
  readiness: Pick<ReadinessResults, 'between'>;
  outcomes: OutcomesParts;
  reports: Omit<ReportsDesk, 'keeper'>;
  /** The hub's own metrics in Prometheus' text format. */
  metrics: () => Promise<string>;
  /** Counts a connection that was ended. */
  refused: (reason: HttpRefusal) => void;
  /** What must work before the hub is ready, by name; each rejects with what is wrong. */
  checks: Readonly<Record<string, () => Promise<void>>>;
  /** Whether reports of classrooms wait to be stored. */
  ingestBusy: () => boolean;
  /** Whether the hub's own clock can be believed. */
  clockBelieved: () => boolean;
  /** The hub's databases that were damaged and still lie beside those in use. @throws where the folder cannot be read */
  setAsides: () => readonly SetAside[];
  /** Whether its data are simulated ones. */
  simulated: boolean;
  /** Seconds since 1970. */
  nowS: () => number;
}>;
