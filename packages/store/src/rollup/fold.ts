/** What a minute keeps of one field. Booleans are 0 and 1; a text has count and last only, the rest are zero. */
export type FieldMinute = { count: number; sum: number; min: number; max: number; last: number | string };

/** The fields in the order of the catalogue; undefined where the minute has no value. */
export type Minute = { time: number; fields: (FieldMinute | undefined)[] };

/** A sample as the fold takes it: values in the order of the catalogue. */
export type Row = { time: number; values: readonly (number | string | null)[] };

/**
 * The minutes of one series.
 * @param rows in the order of their times
 */
export function foldMinutes(rows: Iterable<Row>): Minute[] {
  const minutes: Minute[] = [];
  let minute: Minute | undefined;
  for (const { time, values } of rows) {
    const start = time - (time % 60);
    if (minute?.time !== start) {
      minute = { time: start, fields: new Array(values.length).fill(undefined) };
      minutes.push(minute);
    }
    for (const [index, value] of values.entries())
      if (value !== null) minute.fields[index] = add(minute.fields[index], value);
  }
  return minutes;
}

function add(field: FieldMinute | undefined, value: number | string): FieldMinute {
  const number = typeof value === 'number' ? value : 0;
  if (field === undefined) return { count: 1, sum: number, min: number, max: number, last: value };
  field.count += 1;
  field.sum += number;
  field.min = Math.min(field.min, number);
  field.max = Math.max(field.max, number);
  field.last = value;
  return field;
}
