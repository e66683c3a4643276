import { columnLetters, type Problem } from '@tongtang/lessons/problem';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type Static, Type } from 'typebox';
import { List, Name } from './answers.ts';
import { ApiError } from './errors.ts';

/** A file at its limit, in base64 and with what surrounds it. */
export const tablesBodyLimit = 24 * 1024 * 1024;

/** Tables that are handed in. */
export const TablesRequest = Type.Object(
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

/** What is wrong with them, each with its place. */
export const TablesRefused = Type.Object(
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
);

/** The files of a request, as the readers take them. */
export function filesIn({ files }: Static<typeof TablesRequest>): { name: string; bytes: Uint8Array }[] {
  return files.map(({ name, content }) => ({ name, bytes: Buffer.from(content, 'base64') }));
}

/** Waits for what files say. @throws ApiError where they take more than any honest table does */
export async function asRead<Answer>(reading: Promise<Answer>, county: string, log: Log): Promise<Answer> {
  try {
    return await reading;
  } catch (error) {
    log.warn({ county, error: messageOf(error) }, 'files that were to be imported could not be read');
    throw new ApiError(
      'too_large',
      'files: they take more time or memory than any table that people fill in',
    );
  }
}

/** What is wrong, as it is answered. */
export function refused(problems: readonly Problem[]): Static<typeof TablesRefused> {
  return { ok: false, problems: problems.map(placed) };
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
