import { dayOf, isPlainDate } from '@tongtang/lessons/plain-date';
import { tell } from '@tongtang/lessons/readiness/telling';
import { modes } from '@tongtang/model/inventory';
import { type Readiness, readinessItems, readinessStates } from '@tongtang/model/readiness';
import { carriers } from '@tongtang/model/timetable';
import { Type } from 'typebox';
import { kindsOfDay } from '../../readiness/day-of-lessons.ts';
import { List, Name, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const Asked = Type.Object({
  county: Type.Optional(Type.String({ description: 'Needed where the hub has several' })),
  date: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      form: 'must be a day such as 2026-09-01',
      description: "A day of the county's calendar; today where absent",
    }),
  ),
});

const State = Type.Enum([...readinessStates]);

const ReadinessAnswer = Type.Object(
  {
    state: State,
    at: Type.Number({ description: 'When it was checked; seconds since 1970' }),
    checks: List(
      Type.Object({
        item: Type.Enum([...readinessItems]),
        state: State,
        why: Name,
        todo: Type.Optional(Name),
        incident: Type.Optional(Type.String({ description: 'Id of the incident' })),
      }),
      { description: 'The worst first' },
    ),
  },
  { description: 'Absent before its first check, a quarter of an hour before the lesson' },
);

/** What {@link lessonRoutes} answer, for those who ask. */
export const LessonsAnswer = Type.Object({
  time: Seconds,
  county: Type.String(),
  timezone: Type.String(),
  date: Type.String(),
  timetable: Type.Boolean({ description: 'Whether the county has a timetable' }),
  kind: Type.Enum([...kindsOfDay], { description: 'What the day is for the county as a whole' }),
  note: Type.Optional(Type.String({ description: 'What the calendar says of the day' })),
  lessons: List(
    Type.Object({
      school: Type.String(),
      class: Type.String(),
      classroom: Type.String(),
      period: Type.Integer(),
      subject: Type.Optional(Type.String({ description: 'Absent where no timetable says it' })),
      mode: Type.Enum([...modes]),
      carrier: Type.Enum([...carriers]),
      frontEnd: Type.Optional(Type.String()),
      start: Seconds,
      end: Seconds,
      origin: Type.Enum(['timetable', 'swapped', 'made-up', 'periods'], {
        description:
          'periods: no timetable says anything of the school, so each period of the inventory counts, Monday to Friday',
      }),
      cancelled: Type.Optional(Type.Literal(true)),
      readiness: Type.Optional(ReadinessAnswer),
    }),
  ),
});

/** The lessons of a day, and whether they can be held. */
export function lessonRoutes(app: App, { registry, days, readiness, nowS }: HttpDeps): void {
  app.get(
    '/lessons',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'The lessons of a day, with their readiness (课前检查)',
        querystring: Asked,
        response: { 200: LessonsAnswer },
      },
    },
    async ({ query }) => {
      const inventory = inventoryOf(query.county);
      const { id, timezone } = inventory.county;
      const date = query.date ?? dayOf(nowS(), timezone);
      const day = isPlainDate(date) ? await days.of(id, date) : undefined;
      if (day === undefined) throw new ApiError('invalid_input', `date: the calendar has no ${date}`);
      const starts = day.lessons.map(({ start }) => start);
      const results =
        starts.length === 0 ? [] : readiness.between(id, Math.min(...starts), Math.max(...starts) + 1);
      const found = new Map(
        results.map((each) => [`${each.school}/${each.class}/${each.start}`, each.readiness]),
      );
      const { lessons, ...rest } = day;
      return {
        time: nowS(),
        county: id,
        timezone,
        ...rest,
        lessons: lessons.map(({ date: _, ...lesson }) => {
          const result = found.get(`${lesson.school}/${lesson.class}/${lesson.start}`);
          return { ...lesson, ...(result && { readiness: inWords(result, timezone) }) };
        }),
      };
    },
  );

  function inventoryOf(county: string | undefined) {
    const inventories = registry.inventories();
    if (county === undefined && inventories.length > 1)
      throw new ApiError('invalid_input', 'county: the hub has several: say which');
    const inventory = inventories.find((one) => county === undefined || one.county.id === county);
    if (inventory === undefined) throw new ApiError('not_found', `county: no county "${county ?? ''}"`);
    return inventory;
  }
}

function inWords({ state, at, checks }: Readiness, timezone: string) {
  return {
    state,
    at,
    checks: checks.flatMap((check) => {
      const told = tell(check, at, timezone);
      const { item, state: of, incident } = check;
      return told === undefined
        ? []
        : [{ item, state: of, ...told, ...(incident !== undefined && { incident }) }];
    }),
  };
}
