import { fieldOf, hasTag, isMeasurement, placeTags } from '@tongtang/model/catalogue';
import { messageOf } from '@tongtang/runtime/errors';
import { aggregations, type SeriesQuery, UnfitQuery, UnknownSeries } from '@tongtang/store/telemetry';
import { type Static, Type } from 'typebox';
import { FieldValue, List, Seconds, Tags } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import { automaticWidth, EveryText, lengthOf, TimeText, timeOf } from '../time.ts';

const tagNames = [...placeTags, 'link', 'target', 'interface'] as const;
const TagFilters = Type.Object({
  county: Type.Optional(Type.String()),
  cluster: Type.Optional(Type.String()),
  school: Type.Optional(Type.String()),
  classroom: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
  link: Type.Optional(Type.String()),
  target: Type.Optional(Type.String()),
  interface: Type.Optional(Type.String()),
});

const SeriesParameters = Type.Object(
  {
    measurement: Type.String({ description: 'As in /api/v1/catalogue' }),
    field: Type.String(),
    ...TagFilters.properties,
    from: Type.Optional(TimeText),
    to: Type.Optional(TimeText),
    every: Type.Optional(EveryText),
    agg: Type.Optional(Type.Enum([...aggregations])),
  },
  { additionalProperties: false },
);

const SeriesAnswer = Type.Object({
  times: List(Seconds),
  series: List(Type.Object({ tags: Tags, values: List(Type.Union([FieldValue, Type.Null()])) })),
});

/** A question for more would fill the hub's memory. */
const mostBuckets = 20_000;
const longestRawS = { oneAgent: 31 * 86_400, many: 86_400 } as const;

/** Measured values over time. */
export function seriesRoutes(app: App, { telemetry, nowS, log }: HttpDeps): void {
  app.get(
    '/series',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'One field over time, a series for each set of tags',
        description:
          'From one hour ago to now where not said otherwise. Without `every`: each sample as it was measured, of at ' +
          'most one day, or 31 days of one agent.',
        querystring: SeriesParameters,
        response: { 200: SeriesAnswer },
      },
    },
    async (request) => {
      const query = queryOf(request.query, nowS());
      try {
        return await telemetry.series(query);
      } catch (error) {
        if (error instanceof UnfitQuery || error instanceof UnknownSeries) throw wrong(error.message);
        log.error({ error: messageOf(error), query }, 'cannot read series');
        throw new ApiError('store_failed', 'the telemetry store does not answer');
      }
    },
  );
}

/**
 * The question to the store.
 * @throws ApiError naming the parameter that is wrong
 */
export function queryOf(parameters: Static<typeof SeriesParameters>, nowS: number): SeriesQuery {
  const { measurement, field, agg = 'mean' } = parameters;
  if (!isMeasurement(measurement)) throw wrong(`measurement: there is no "${measurement}"`);
  const definition = fieldOf(measurement, field);
  if (definition === undefined) throw wrong(`field: "${measurement}" has no field "${field}"`);

  const tags: Record<string, string> = {};
  for (const name of tagNames) {
    const value = parameters[name];
    if (value === undefined) continue;
    if (!placeTags.some((tag) => tag === name) && !hasTag(measurement, name))
      throw wrong(`${name}: "${measurement}" has no tag "${name}"`);
    tags[name] = value;
  }

  const from = timeOf('from', parameters.from ?? '-1h', nowS);
  const to = timeOf('to', parameters.to ?? 'now', nowS);
  if (to <= from) throw wrong('to: must be after from');
  const every = widthOf(parameters.every, to - from, tags.agent !== undefined);
  if (every !== undefined && definition.type === 'string' && agg !== 'count' && agg !== 'last')
    throw wrong(`agg: of a text only count and last can be had, not ${agg}`);
  return { measurement, field, tags, from, to, ...(every !== undefined && { every }), agg };
}

function widthOf(text: string | undefined, spanS: number, oneAgent: boolean): number | undefined {
  if (text === undefined) {
    if (spanS > (oneAgent ? longestRawS.oneAgent : longestRawS.many))
      throw wrong('every: is needed for so long a time; auto will do');
    return undefined;
  }
  if (text === 'auto') return automaticWidth(spanS);
  const width = lengthOf(text);
  if (width === 0) throw wrong('every: must be longer than 0');
  if (spanS / width > mostBuckets)
    throw wrong(`every: makes more than ${mostBuckets} points; take a longer one`);
  return width;
}

function wrong(message: string): ApiError {
  return new ApiError('invalid_input', message);
}
