import { dayOf, isPlainDate } from '@tongtang/lessons/plain-date';
import { countVisits, targetsOf } from '@tongtang/lessons/visits/count-visits';
import { visitsCsv } from '@tongtang/lessons/visits/import';
import { spansOf } from '@tongtang/lessons/visits/spans';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate } from '@tongtang/model/timetable';
import { type VisitEntry, type VisitKind, visitKinds } from '@tongtang/model/visit';
import type { Principal } from '@tongtang/store/registry/sign-in';
import type { Role } from '@tongtang/store/registry/users';
import type { VisitFilter, VisitResult } from '@tongtang/store/registry/visits';
import { type Static, Type } from 'typebox';
import type { TableImport } from '../../table-import.ts';
import { principalOf } from '../access.ts';
import { Done, done } from '../answers.ts';
import type { App } from '../app.ts';
import { asFile } from '../attachment.ts';
import { inventoryOf } from '../county.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import { asRead, filesIn, refused, TablesRequest, tablesBodyLimit } from '../imported-tables.ts';
import {
  Day,
  VisitAnswer,
  VisitBody,
  VisitCountsAnswer,
  VisitFilterQuery,
  VisitImportAnswer,
  VisitsAnswer,
} from '../visit-answers.ts';

const County = Type.Object({ county: Type.String() });
const OneVisit = Type.Object({ county: Type.String(), id: Type.String() });

/** What each role enters. Inspection is the bureau's own work; the rest is entered by those who are there when it is done. */
const enteredBy: Readonly<Record<Role, readonly VisitKind[]>> = {
  admin: visitKinds,
  technician: visitKinds,
  bureau: ['inspection'],
};

/** The register of visits and activities, and what is missing of the targets. */
export function visitRoutes(app: App, deps: HttpDeps, tables: TableImport): void {
  const { registry, log, nowS } = deps;

  const todayIn = ({ county }: Inventory): PlainDate => dayOf(nowS(), county.timezone);

  app.get(
    '/counties/:county/visits',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'The register of visits and activities of a county',
        params: County,
        querystring: VisitFilterQuery,
        response: { 200: VisitsAnswer },
      },
    },
    async (request) => {
      const inventory = inventoryOf(deps, request.params.county);
      return {
        timezone: inventory.county.timezone,
        today: todayIn(inventory),
        mayEnter: enteredBy[principalOf(request).role],
        visits: registry.visits(request.params.county, filterOf(request.query)),
      };
    },
  );

  app.get(
    '/counties/:county/visits.csv',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'The register as a CSV file that can be imported again',
        params: County,
        querystring: VisitFilterQuery,
      },
    },
    async ({ params: { county }, query }, reply) => {
      inventoryOf(deps, county);
      const csv = visitsCsv(registry.visits(county, filterOf(query)));
      return asFile(reply, `visits-${county}.csv`, 'text/csv; charset=utf-8').serializer(String).send(csv);
    },
  );

  app.get(
    '/counties/:county/visits/counts',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'The register counted against the targets, school by school',
        description: 'Over the term and the school year that a day is in, until that day.',
        params: County,
        querystring: Type.Object({ on: Type.Optional(Day) }),
        response: { 200: VisitCountsAnswer },
      },
    },
    async ({ params: { county }, query }) => {
      const inventory = inventoryOf(deps, county);
      const today = todayIn(inventory);
      const on = realDay('on', query.on) ?? today;
      const terms = registry.timetable(county)?.terms ?? [];
      const spans = spansOf({ from: on, to: on }, terms);
      const visits = registry.visits(county, { to: on });
      const counts = countVisits(visits, targetsOf(inventory), spans, inventory.schools);
      return { on, today, terms, ...counts };
    },
  );

  app.post(
    '/counties/:county/visits',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Enter a visit or an activity that was held',
        description: 'The role bureau enters inspection visits only.',
        params: County,
        body: VisitBody,
        response: { 200: VisitAnswer },
      },
    },
    async (request) => {
      const { county } = request.params;
      const principal = principalOf(request);
      mayEnter(principal, request.body.kind);
      const entry = entryOf(request.body, inventoryOf(deps, county));
      return entered(registry.addVisit(county, entry, principal.user));
    },
  );

  app.put(
    '/counties/:county/visits/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Correct an entry, or bring one back that was removed',
        description: 'The role bureau does so with inspection visits only.',
        params: OneVisit,
        body: VisitBody,
        response: { 200: VisitAnswer },
      },
    },
    async (request) => {
      const { county, id } = request.params;
      const principal = principalOf(request);
      mayEnter(principal, visitOf(county, id).kind);
      mayEnter(principal, request.body.kind);
      const entry = entryOf(request.body, inventoryOf(deps, county));
      return entered(registry.correctVisit(county, id, entry, principal.user));
    },
  );

  app.delete(
    '/counties/:county/visits/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Remove an entry',
        description: 'The role bureau does so with inspection visits only.',
        params: OneVisit,
        response: { 200: Done },
      },
    },
    async (request) => {
      const { county, id } = request.params;
      const principal = principalOf(request);
      mayEnter(principal, visitOf(county, id).kind);
      if (!registry.removeVisit(county, id, principal.user)) throw noVisit(id);
      return done;
    },
  );

  app.post(
    '/counties/:county/visits/import',
    {
      config: { access: 'operations' },
      bodyLimit: tablesBodyLimit,
      schema: {
        summary: 'Import many, or check what an import would add',
        description:
          'XLSX or CSV with the columns of the export. Nothing is half imported: where anything is wrong in any file, the answer has ' +
          'every problem with its place. What the register has already is passed over.',
        params: County,
        body: TablesRequest,
        response: { 200: VisitImportAnswer },
      },
    },
    async (request) => {
      const { county } = request.params;
      const inventory = inventoryOf(deps, county);
      const reading = tables.visits({ files: filesIn(request.body), inventory, today: todayIn(inventory) });
      const answer = await asRead(reading, county, log);
      if (!answer.ok) return refused(answer.problems);
      const { entries } = answer;
      const added =
        request.body.check === true
          ? registry.missingVisits(county, entries)
          : registry.addVisits(county, entries, principalOf(request).user);
      return { ok: true as const, rows: entries.length, added };
    },
  );

  /** @throws ApiError where there is no such entry */
  function visitOf(county: string, id: string): VisitEntry {
    const visit = registry.visit(inventoryOf(deps, county).county.id, id);
    if (visit === undefined) throw noVisit(id);
    return visit;
  }

  /** @throws ApiError naming the field that is wrong */
  function entryOf(
    { school, date, kind, note = '' }: Static<typeof VisitBody>,
    inventory: Inventory,
  ): VisitEntry {
    if (!inventory.schools.some(({ id }) => id === school))
      throw new ApiError('invalid_input', `school: no school "${school}" in ${inventory.county.id}`);
    if ((realDay('date', date) ?? '') > todayIn(inventory))
      throw new ApiError('invalid_input', `date: ${date} is still to come: enter what was held`);
    return { school, date, kind, note: note.trim() };
  }
}

/** @throws ApiError where the role does not enter that */
function mayEnter({ role }: Principal, kind: VisitKind): void {
  if (!enteredBy[role].includes(kind))
    throw new ApiError('forbidden', `the role ${role} enters ${enteredBy[role].join(', ')} only`);
}

/** @throws ApiError where the register has it already, or not at all */
function entered(result: VisitResult): Static<typeof VisitAnswer> {
  if (result.ok) return result.visit;
  if (result.because === 'unknown') throw new ApiError('not_found', 'id: no such visit');
  throw new ApiError('conflict', 'the register has this already: let the note say what sets the two apart');
}

function noVisit(id: string): ApiError {
  return new ApiError('not_found', `id: no visit "${id}"`);
}

function filterOf({ school, kind, from, to }: Static<typeof VisitFilterQuery>): VisitFilter {
  return { school, kind, from: realDay('from', from), to: realDay('to', to) };
}

/** @throws ApiError naming the parameter, where the calendar has no such day */
function realDay(parameter: string, text: string | undefined): PlainDate | undefined {
  if (text === undefined || isPlainDate(text)) return text;
  throw new ApiError('invalid_input', `${parameter}: there is no such day as ${text}`);
}
