import { tableNames } from '@tongtang/lessons/columns';
import { startingTimetable } from '@tongtang/lessons/import/import';
import { lessonsOf } from '@tongtang/lessons/lessons-of';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import { columnLetters, type Problem } from '@tongtang/lessons/problem';
import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { messageOf } from '@tongtang/runtime/errors';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { openTimetableImport } from '../../timetable-import.ts';
import { principalOf } from '../access.ts';
import { List, Name, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

/** A file at its limit, in base64 and with what surrounds it. */
const bodyLimit = 24 * 1024 * 1024;

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

const ImportRequest = Type.Object(
  {
    files: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 200 }),
          content: Type.String({
            pattern: '^[A-Za-z0-9+/]*={0,2}$',
            form: 'must be base64',
            description:
              'Its bytes in base64: XLSX, CSV (UTF-8 or GBK), or iCalendar for the school calendar',
          }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20 },
    ),
    check: Type.Optional(Type.Boolean({ description: 'Say what would change, and change nothing' })),
  },
  { additionalProperties: false },
);

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
  Type.Object(
    {
      ok: Type.Literal(false),
      problems: List(
        Type.Object({
          file: Type.Optional(Type.String()),
          sheet: Type.Optional(Type.String()),
          row: Type.Optional(Type.Integer({ description: 'From 1, as programs for tables show it' })),
          column: Type.Optional(Type.String({ description: 'Letters, as programs for tables show them' })),
          heading: Type.Optional(Name),
          text: Name,
        }),
      ),
    },
    { description: 'Nothing was imported' },
  ),
]);

/** Timetables, in and out. */
export function timetableRoutes(app: App, { registry, log, nowS }: HttpDeps): void {
  const read = openTimetableImport();

  function inventoryOf(county: string): Inventory {
    const inventory = registry.inventories().find((one) => one.county.id === county);
    if (inventory === undefined) throw new ApiError('not_found', `county: no county "${county}"`);
    return inventory;
  }

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
      const inventory = inventoryOf(county);
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
      const inventory = inventoryOf(county);
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
      bodyLimit,
      schema: {
        summary: 'Import a timetable, or check what an import would change',
        description:
          'Nothing is half imported: where anything is wrong in any file, the answer has every problem with its place, and the ' +
          'timetable stays as it is.',
        params: County,
        body: ImportRequest,
        response: { 200: ImportAnswer },
      },
    },
    async (request) => {
      const { county } = request.params;
      const { check = false } = request.body;
      const inventory = inventoryOf(county);
      const files = request.body.files.map(({ name, content }) => ({
        name,
        bytes: Buffer.from(content, 'base64'),
      }));
      const present = registry.timetable(county);
      const answer = await read({ files, inventory, present }).catch((error: unknown) => {
        log.warn({ county, error: messageOf(error) }, 'a timetable could not be read');
        throw new ApiError('too_large', 'files: they take more time or memory than any timetable does');
      });
      if (!answer.ok) return { ok: false as const, problems: answer.problems.map(placed) };
      const { timetable, tables } = answer;
      const changed = check
        ? JSON.stringify(timetable) !== JSON.stringify(present)
        : registry.importTimetable(county, timetable, principalOf(request).user);
      return { ok: true as const, tables, changed, ...sizeOf(timetable, inventory) };
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
      inventoryOf(county);
      const answer = registry.undoTimetable(county, principalOf(request).user);
      if (!answer.undone) return { undone: false };
      return { undone: true, ...(answer.back && { back: answer.back }) };
    },
  );
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A county's id needs no quoting: identifiers have letters, digits and dashes only. */
function asFile(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}

function placed({ place, text }: Problem) {
  if (place === undefined) return { text };
  const { file, sheet, row, column, header } = place;
  return {
    file,
    ...(sheet !== undefined && { sheet }),
    ...(row !== undefined && { row }),
    ...(column !== undefined && { column: columnLetters(column) }),
    ...(header !== undefined && { heading: header }),
    text,
  };
}
