import type { ConclusionOf } from '@tongtang/model/conclusions';
import type { Inventory } from '@tongtang/model/inventory';
import type { SchoolSunOutages } from '../sun-outages.ts';
import type { Sheet } from './sheet.ts';

const text = { text_zh: '日凌', text_en: 'sun outage' } as const;

/** The half of a year that a season of sun outages lies in: around March or around October. Seconds. */
function seasonAround(time: number): Readonly<{ id: string; from: number; to: number }> {
  const year = new Date(time * 1000).getUTCFullYear();
  const middle = Date.UTC(year, 6) / 1000;
  return time < middle
    ? { id: `${year}-1`, from: Date.UTC(year) / 1000, to: middle }
    : { id: `${year}-2`, from: middle, to: Date.UTC(year + 1) / 1000 };
}

/**
 * The sun outages of a county in the season that is on or comes next, school by school, and for the county as one from the first school's
 * begin to the last one's end. Where none can be computed any more, those that were announced are taken back.
 * @param now hub time in seconds
 */
export function sunSheet(
  { county, schools }: Inventory,
  found: ReadonlyMap<string, SchoolSunOutages>,
  now: number,
): Sheet {
  const points = schools.flatMap(({ id, name, cluster }) =>
    (found.get(id)?.outages ?? []).map(
      ({ begin, end, lessons }): ConclusionOf<'announced'> => ({
        measurement: 'announced',
        tags: {
          county: county.id,
          ...(cluster !== undefined && { cluster }),
          school: id,
          kind: 'sun-outage',
        },
        time: Math.floor(begin),
        fields: {
          name_zh: name.zh,
          name_en: name.en,
          ...text,
          end_ms: Math.ceil(end) * 1000,
          lessons: lessons.length,
        },
      }),
    ),
  );
  const [first] = points.map(({ time }) => time).sort((a, b) => a - b);
  const { id, from, to } = seasonAround(first ?? now);
  return {
    id: `sun ${county.id} ${id}`,
    points: [...points, ...together(county, points)],
    realms: [
      {
        measurement: 'announced',
        tags: { county: county.id, kind: 'sun-outage' },
        from: first === undefined ? now : from,
        to,
      },
    ],
  };
}

/** Outages that touch each other as one of the county. */
function together(
  { id, name }: Inventory['county'],
  points: readonly ConclusionOf<'announced'>[],
): ConclusionOf<'announced'>[] {
  const all: ConclusionOf<'announced'>[] = [];
  for (const { time, fields } of points.toSorted((a, b) => a.time - b.time)) {
    const last = all.at(-1);
    if (last !== undefined && time * 1000 <= last.fields.end_ms)
      all[all.length - 1] = {
        ...last,
        fields: {
          ...last.fields,
          end_ms: Math.max(last.fields.end_ms, fields.end_ms),
          lessons: Math.max(last.fields.lessons, fields.lessons),
        },
      };
    else
      all.push({
        measurement: 'announced',
        tags: { county: id, kind: 'sun-outage' },
        time,
        fields: { ...fields, name_zh: name.zh, name_en: name.en },
      });
  }
  return all;
}
