import type { FastifyRequest } from 'fastify';
import { openTableImport } from '../table-import.ts';
import { checkAccess, type WhoAsks } from './access.ts';
import type { App } from './app.ts';
import type { HttpDeps } from './deps.ts';
import { registryBusy } from './errors.ts';
import { describeRoute } from './openapi.ts';
import { aboutRoutes } from './routes/about.ts';
import { agentRoutes } from './routes/agents.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { enrolmentRoutes } from './routes/enrolment.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { inventoryRoutes } from './routes/inventory.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { lessonRoutes } from './routes/lessons.ts';
import { liveRoutes } from './routes/live.ts';
import { maintenanceRoutes } from './routes/maintenance.ts';
import { meRoutes } from './routes/me.ts';
import { overviewRoutes } from './routes/overview.ts';
import { placeRoutes } from './routes/places.ts';
import { recordRoutes } from './routes/records.ts';
import { reportFileRoutes } from './routes/report-files.ts';
import { reportScheduleRoutes } from './routes/report-schedule.ts';
import { reportRoutes } from './routes/reports.ts';
import { seriesRoutes } from './routes/series.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { sunOutageRoutes } from './routes/sun-outages.ts';
import { timetableRoutes } from './routes/timetable.ts';
import { userRoutes } from './routes/users.ts';
import { visitRoutes } from './routes/visits.ts';

/** Before anything is changed: the wait for another process that writes the registry is one beside all others. */
function waitForTurn({ registry }: Pick<HttpDeps, 'registry'>) {
  return async ({ method }: FastifyRequest): Promise<void> => {
    if (method === 'GET' || method === 'HEAD') return;
    if (!(await registry.writable())) throw registryBusy();
  };
}

/** Everything under /api/v1, one file for each group of routes. */
export function apiRoutes(app: App, deps: HttpDeps, whoAsks: WhoAsks): void {
  app.addHook('onRoute', describeRoute);
  app.addHook('onRequest', checkAccess(whoAsks));
  app.addHook('preHandler', waitForTurn(deps));
  const tables = openTableImport();
  aboutRoutes(app, deps);
  signInRoutes(app, deps);
  meRoutes(app, deps);
  placeRoutes(app, deps);
  overviewRoutes(app, deps);
  liveRoutes(app, deps, whoAsks);
  incidentRoutes(app, deps);
  maintenanceRoutes(app, deps);
  agentRoutes(app, deps);
  seriesRoutes(app, deps);
  sunOutageRoutes(app, deps);
  availabilityRoutes(app, deps);
  reportRoutes(app, deps);
  reportFileRoutes(app, deps);
  reportScheduleRoutes(app, deps);
  ledgerRoutes(app, deps);
  lessonRoutes(app, deps);
  enrolmentRoutes(app, deps);
  inventoryRoutes(app, deps);
  timetableRoutes(app, deps, tables);
  visitRoutes(app, deps, tables);
  userRoutes(app, deps);
  recordRoutes(app, deps);
}
