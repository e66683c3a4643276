import type { MeasurementName } from '@tongtang/model/catalogue';
import { type Column, columnsOf } from '../catalogue-columns.ts';
import type { Layer, Piece, Span } from '../contents.ts';
import type { FieldMinute, Minute, Row } from '../rollup/fold.ts';
import type { Rows } from './ask.ts';
import { selectFields } from './influxql.ts';
import { minuteLine, rawLine, tagSet } from './lines.ts';
import type { PlacedLine } from './write.ts';

const suffixes = ['count', 'sum', 'min', 'max', 'last'] as const;

/** The statement that {@link pieceOf} reads. */
export function selectContents(layer: Layer, measurement: MeasurementName, { from, to }: Span): string {
  const names = columnsOf(measurement).flatMap(({ name }) =>
    layer === 'raw' ? [name] : suffixes.map((suffix) => `${name}_${suffix}`),
  );
  return selectFields(measurement, names, from, to, {}, layer);
}

export function pieceOf(layer: Layer, measurement: MeasurementName, { tags, values }: Rows): Piece {
  const columns = columnsOf(measurement);
  return layer === 'raw'
    ? { layer, measurement, tags, rows: values.map((row) => rowOf(columns, row)) }
    : { layer, measurement, tags, rows: values.map((row) => minuteOf(columns, row)) };
}

/** The lines of a piece, for the retention policy of its layer. */
export function linesOf(piece: Piece): PlacedLine[] {
  const columns = columnsOf(piece.measurement);
  const head = `${piece.measurement}${tagSet(piece.tags)}`;
  const texts =
    piece.layer === 'raw'
      ? piece.rows.map((row) => rawLine(head, columns, row))
      : piece.rows.map((minute) => minuteLine(head, columns, minute));
  return texts.map((line) => {
    const text = Buffer.from(line);
    return {
      agent: piece.tags.agent ?? '',
      line: { text, from: 0, keyEnd: 0, to: text.length },
      suffix: nothing,
    };
  });
}

/** The tags of the place are in the line. */
const nothing = Buffer.alloc(0);

function rowOf(columns: readonly Column[], [time, ...values]: readonly unknown[]): Row {
  return { time: Number(time), values: columns.map((_, at) => asStored(values[at])) };
}

function minuteOf(columns: readonly Column[], [time, ...values]: readonly unknown[]): Minute {
  const fields = columns.map((_, at): FieldMinute | undefined => {
    const [count, sum, min, max, last] = values.slice(at * suffixes.length).map(asStored);
    if (last === null || last === undefined) return undefined;
    return { count: Number(count), sum: Number(sum), min: Number(min), max: Number(max), last };
  });
  return { time: Number(time), fields };
}

/** As SQLite holds it: booleans are 0 and 1. */
function asStored(value: unknown): number | string | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
