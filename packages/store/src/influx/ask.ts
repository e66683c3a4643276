import type { IncomingMessage } from 'node:http';
import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';
import { UnfitQuery } from '../telemetry.ts';
import { InfluxConnection } from './connection.ts';
import type { InfluxLocation } from './location.ts';

const Answer = Type.Object({
  error: Type.Optional(Type.String()),
  results: Type.Optional(
    Type.Array(
      Type.Object({
        error: Type.Optional(Type.String()),
        series: Type.Optional(
          Type.Array(
            Type.Object({
              tags: Type.Optional(Type.Record(Type.String(), Type.String())),
              columns: Type.Array(Type.String()),
              values: Type.Array(Type.Array(Type.Unknown())),
            }),
          ),
        ),
      }),
    ),
  ),
});

/** Rows of one group of tags: first the time in seconds, then the columns that were asked for. */
export type Rows = Readonly<{
  tags: Readonly<Record<string, string>>;
  columns: readonly string[];
  values: readonly (readonly unknown[])[];
}>;

/** An answer that would fill the hub's memory; nothing of it was kept. */
export class AnswerTooLarge extends UnfitQuery {
  constructor() {
    super('the answer is too large: name an agent or a school, shorten the range or widen "every"');
  }
}

/** Of one document of the answer: a server that does not send in chunks sends all in one. */
const documentBytes = 64 * 1024 * 1024;
const lineFeed = 0x0a;

/**
 * Asks for rows and reads the answer document by document, as the server sends it (`chunked=true` of the version 1 API:
 * 10,000 rows at most in each). The `influx` client reads an answer as one text, however long it is, and a text of more
 * than 512 MB ends the process.
 */
export class InfluxQueries {
  readonly #connection: InfluxConnection;

  constructor(location: InfluxLocation) {
    this.#connection = new InfluxConnection(location, 8);
  }

  /**
   * Rows of one series may come in several pieces, in the order of time. Who stops iterating stops the server as well.
   * @throws where the server is away or refuses, with its words; AnswerTooLarge
   */
  async *rows(statement: string): AsyncGenerator<Rows> {
    const query = { q: statement, epoch: 's', chunked: 'true' };
    const response = await this.#connection.post({ path: '/query', query }).catch((error: unknown) => {
      throw new Error(`InfluxDB: ${messageOf(error)}`);
    });
    try {
      for await (const document of documentsOf(response)) yield* rowsIn(document, response.statusCode ?? 0);
    } finally {
      response.destroy();
    }
  }

  close(): void {
    this.#connection.close();
  }
}

/** One document a line. */
async function* documentsOf(response: IncomingMessage): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    let rest: Buffer = chunk;
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      yield Buffer.concat([...pieces, rest.subarray(0, end)]).toString('utf8');
      pieces = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
    }
    pieces.push(rest);
    bytes += rest.length;
    if (bytes > documentBytes) throw new AnswerTooLarge();
  }
  yield Buffer.concat(pieces).toString('utf8');
}

function* rowsIn(document: string, status: number): Generator<Rows> {
  if (document.trim() === '') return;
  const { error, results = [] } = read(document, status);
  if (error !== undefined) throw new Error(`InfluxDB: ${error}`);
  for (const result of results) {
    if (result.error !== undefined) throw new Error(`InfluxDB: ${result.error}`);
    for (const { tags = {}, columns, values } of result.series ?? [])
      yield {
        tags: Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== '')),
        columns,
        values,
      };
  }
}

function read(document: string, status: number): Static<typeof Answer> {
  const checked = validate(Answer, parsed(document));
  if (!checked.ok)
    throw new Error(`InfluxDB: unreadable answer (HTTP ${status}): ${checked.problems[0] ?? ''}`);
  return checked.value;
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    // Validation says that it is no answer.
    return undefined;
  }
}
