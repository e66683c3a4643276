import { tableNames } from '@tongtang/lessons/columns';
import { startingTimetable } from '@tongtang/lessons/import/import';
import { lessonsOf } from '@tongtang/lessons/lessons-of';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { Type } from 'typebox';
import type { TableImport } from '../../table-import.ts';
import { principalOf } from '../access.ts';
import { List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import { asFile } from '../attachment.ts';
import { inventoryOf } from '../county.ts';
import type { HttpDeps } from '../deps.ts';
import {
  asRead,
  filesIn,
  refused,
  TablesRefused,
  TablesRequest,
  tablesBodyLimit,
} from '../imported-tables.ts';

const County = Type.Object({ county: Type.String() });

const Counts = Type.Object(
  {
    terms: Type.Integer(),
    bells: Type.Integer(),
    days: Type.Integer(),
    lessons: Type.Integer(),
    changes: Type.Integer(),
  },
  { description: 'How many entries each table has' },
);

const Origin = Type.Object({ importedAt: Seconds, importedBy: Type.String() });

const Present = Type.Object({
  origin: Type.Optional(Origin),
  entries: Counts,
  comingWeek: Type.Integer({ description: 'Lessons in the seven days from today' }),
});

const ImportAnswer = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    tables: List(Type.Enum([...tableNames]), {
      description: 'Tables that are in the files; each takes the place of what there was of it',
    }),
    changed: Type.Boolean({ description: 'Whether it is another timetable than the present one' }),
    entries: Counts,
    comingWeek: Present.properties.comingWeek,
  }),
  TablesRefused,
]);

/** Timetables, in and out. */
export function timetableRoutes(app: App, deps: HttpDeps, tables: TableImport): void {
  const { registry, log, nowS } = deps;

  function sizeOf(timetable: Timetable, { county }: Inventory) {
    const { terms, bells, days, lessons, changes } = timetable;
    const today = dayOf(nowS(), county.timezone);
    const week = Array.from({ length: 7 }, (_, day) =>
      lessonsOf(timetable, plusDays(today, day), county.timezone),
    );
    const entries = {
      terms: terms.length,
      bells: bells.length,
      days: days.length,
      lessons: lessons.length,
      changes: changes.length,
    };
    return { entries, comingWeek: week.flat().length };
  }

  app.get(
    '/counties/:county/timetable',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'How large the timetable of a county is, and where it comes from',
        params: County,
        response: { 200: Present },
      },
    },
    async ({ params: { county } }) => {
      const inventory = inventoryOf(deps, county);
      const origin = registry.timetableOrigin(county);
      const timetable = registry.timetable(county) ?? startingTimetable(inventory);
      return { ...(origin && { origin }), ...sizeOf(timetable, inventory) };
    },
  );

  app.get(
    '/counties/:county/timetable.xlsx',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'The timetable as an XLSX file that can be changed and imported again',
        description:
          'Where there is none yet, it is the template: sheets with headings, notes on how to fill them in, and a blank row for each ' +
          'period of each class.',
        params: County,
      },
    },
    async ({ params: { county } }, reply) => {
      const inventory = inventoryOf(deps, county);
      // Loaded here: the writer of XLSX files is nothing that the start of the hub should wait for.
      const { timetableXlsx } = await import('@tongtang/lessons/export/xlsx');
      const timetable = registry.timetable(county) ?? startingTimetable(inventory);
      const bytes = Buffer.from(await timetableXlsx(timetable, inventory));
      return asFile(reply, `timetable-${county}.xlsx`, xlsxType).send(bytes);
    },
  );

  app.post(
    '/counties/:county/timetable/import',
    {
      config: { access: 'operations' },
      bodyLimit: tablesBodyLimit,
      schema: {
        summary: 'Import a timetable, or check what an import would change',
        description:
          'Nothing is half imported: where anything is wrong in any file, the answer has every problem with its place, and the ' +
          'timetable stays as it is.',
        params: County,
        body: TablesRequest,
        response: { 200: ImportAnswer },
      },
    },
    async (request) => {
      const { county } = request.params;
      const { check = false } = request.body;
      const inventory = inventoryOf(deps, county);
      const present = registry.timetable(county);
      const files = filesIn(request.body);
      const answer = await asRead(tables.timetable({ files, inventory, present }), county, log);
      if (!answer.ok) return refused(answer.problems);
      const { timetable } = answer;
      const changed = check
        ? JSON.stringify(timetable) !== JSON.stringify(present)
        : registry.importTimetable(county, timetable, principalOf(request).user);
      return { ok: true as const, tables: answer.tables, changed, ...sizeOf(timetable, inventory) };
    },
  );

  app.post(
    '/counties/:county/timetable/undo',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Take the last import of a timetable back',
        params: County,
        response: {
          200: Type.Object({
            undone: Type.Boolean({ description: 'False where there is no import to take back' }),
            back: Type.Optional(Origin),
          }),
        },
      },
    },
    async (request) => {
      const { county } = request.params;
      inventoryOf(deps, county);
      const answer = registry.undoTimetable(county, principalOf(request).user);
      if (!answer.undone) return { undone: false };
      return { undone: true, ...(answer.back && { back: answer.back }) };
    },
  );
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
