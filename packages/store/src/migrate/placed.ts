import { hasTag } from '@tongtang/model/catalogue';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { columnsOf } from '../catalogue-columns.ts';
import type { Piece } from '../contents.ts';
import { rawLine, tagSet } from '../influx/lines.ts';
import type { PlacedSamples } from '../telemetry.ts';

/** The raw points of a piece from a time on, as ingest hands them over; none of minutes. */
export function placedSamplesOf(piece: Piece, from: number): PlacedSamples[] {
  if (piece.layer === 'minute') return [];
  const { measurement, tags, rows } = piece;
  const recent = rows.filter(({ time }) => time >= from);
  if (recent.length === 0) return [];
  const { county = '', cluster, school = '', classroom = '', agent = '' } = tags;
  const own = Object.fromEntries(Object.entries(tags).filter(([tag]) => hasTag(measurement, tag)));
  const head = `${measurement}${tagSet(own)}`;
  const samples = recent.map((row) => {
    const sample = decodeLine(rawLine(head, columnsOf(measurement), row));
    if ('reason' in sample) throw new Error(`${head} ${row.time}: ${sample.reason}`);
    return sample;
  });
  return [
    { place: { county, ...(cluster !== undefined && { cluster }), school, classroom, agent }, samples },
  ];
}
