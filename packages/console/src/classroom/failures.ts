import type { Sample, Series } from '../api/answers.ts';

/** The same failure of one probe and target, again and again. */
export type Failure = Readonly<{
  measurement: string;
  target: string;
  source: string;
  error: string;
  from: number;
  to: number;
  /** It is the newest that is known of its probe. */
  ongoing: boolean;
}>;

/** One failed run. */
export type Moment = Readonly<{
  measurement: string;
  target: string;
  source: string;
  error: string;
  time: number;
}>;

/** Reads failures from the series of a measurement's `failure` and `error` fields. */
export function failuresIn(measurement: string, failure: Series, error: Series): Moment[] {
  return failure.series.flatMap(({ tags, values }) => {
    const target = tags.target ?? '';
    const errors = error.series.find(
      (line) => line.tags.target === tags.target && line.tags.link === tags.link,
    );
    const errorAt = new Map(error.times.map((time, index) => [time, errors?.values[index]]));
    return values.flatMap((source, index) => {
      const time = failure.times[index];
      if (typeof source !== 'string' || source === '' || time === undefined) return [];
      return [{ measurement, target, source, error: String(errorAt.get(time) ?? ''), time }];
    });
  });
}

/** Reads failures from samples as they arrive. */
export function failuresAmong(samples: readonly Sample[]): Moment[] {
  return samples
    .filter(({ fields }) => fields.ok === false)
    .map(({ measurement, tags, time, fields }) => ({
      measurement,
      target: tags.target ?? '',
      source: String(fields.failure ?? ''),
      error: String(fields.error ?? ''),
      time,
    }));
}

/**
 * Joins equal failures that follow each other within `joinS` seconds into one, the newest first.
 * @param failing tells whether the newest sample of a probe and target failed
 */
export function foldFailures(
  moments: readonly Moment[],
  joinS: number,
  failing: (measurement: string, target: string) => boolean,
): Failure[] {
  const open = new Map<string, { -readonly [Key in keyof Failure]: Failure[Key] }>();
  const folded: Failure[] = [];
  for (const { time, ...what } of [...moments].sort((a, b) => a.time - b.time)) {
    const key = `${what.measurement} ${what.target}`;
    const last = open.get(key);
    if (last !== undefined && last.error === what.error && time - last.to <= joinS) {
      last.to = time;
      continue;
    }
    const next = { ...what, from: time, to: time, ongoing: false };
    open.set(key, next);
    folded.push(next);
  }
  for (const last of open.values()) last.ongoing = failing(last.measurement, last.target);
  return folded.sort((a, b) => b.to - a.to);
}
