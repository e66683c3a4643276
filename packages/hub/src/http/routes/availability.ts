import {
  availabilityOf,
  coverageOf,
  type Tally as MinuteTally,
  minuteStates,
} from '@tongtang/lessons/delivery/minute-state';
import { outcomeStates } from '@tongtang/lessons/delivery/outcome';
import { isPlainDate, plusDays } from '@tongtang/lessons/plain-date';
import { causes, causeTitles } from '@tongtang/model/incident';
import { type Inventory, modes } from '@tongtang/model/inventory';
import { linkKinds } from '@tongtang/model/link';
import { slicesOf } from '@tongtang/runtime/slices';
import { Type } from 'typebox';
import { Availability } from '../../minutes/availability.ts';
import { outcomesBySchool, outcomesOfDay } from '../../minutes/outcomes.ts';
import { List, Name, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

/** A term and its holidays; more is asked for a year at a time. */
const mostDays = 400;

const DateText = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d$',
  form: 'must be a day such as 2026-09-01',
  description: "A day in the county's time zone",
});

const Minutes = Type.Object(
  Object.fromEntries(minuteStates.map((state) => [state, Type.Integer()])) satisfies Record<string, unknown>,
  { description: 'Minutes in each state; together they are all minutes' },
);

const SettledTo = Type.Optional(
  Type.Number({ description: 'Until when minutes are known; later ones are left out. Seconds since 1970' }),
);

const Coverage = Type.Object(
  { known: Type.Integer(), scheduled: Type.Integer() },
  {
    description:
      'Minutes of which something is known, of those in which something could have been: not those in which the machine was off ' +
      'in order or asleep, or work was announced',
  },
);
const Up = Type.Object(
  { up: Type.Integer(), known: Type.Integer() },
  {
    description:
      'Good and degraded minutes, of all that are good, degraded or down. Unknown is neither up nor down',
  },
);

const Outcomes = Type.Object({
  date: Type.String(),
  timezone: Type.String(),
  settledTo: SettledTo,
  outcomes: List(
    Type.Object({
      school: Type.String(),
      class: Type.String(),
      classroom: Type.String(),
      period: Type.Integer(),
      start: Seconds,
      end: Seconds,
      subject: Type.Optional(Type.String({ description: 'Absent where no timetable says it' })),
      mode: Type.Enum([...modes]),
      cancelled: Type.Optional(Type.Literal(true)),
      state: Type.Enum([...outcomeStates], { description: 'docs/availability.md says how it is found' }),
      minutes: Minutes,
      lost: List(
        Type.Object({
          cause: Type.Enum([...causes]),
          why: Name,
          minutes: Type.Integer(),
          incident: Type.Optional(Type.String({ description: 'Absent where no incident is known' })),
        }),
        { description: 'The minutes that were down, by what took them' },
      ),
      coverage: Coverage,
    }),
  ),
});

const Figures = Type.Object({ minutes: Minutes, availability: Up, coverage: Coverage });

const AvailabilityAnswer = Type.Object({
  from: Type.String(),
  to: Type.String(),
  timezone: Type.String(),
  settledTo: SettledTo,
  schools: List(
    Type.Object({
      school: Type.String(),
      links: List(
        Type.Object({
          link: Type.Enum([...linkKinds]),
          lessons: Figures,
          always: Figures,
        }),
        { description: 'As the agents of the school see them together: in its lessons, and round the clock' },
      ),
      classes: List(
        Type.Object({
          class: Type.String(),
          lessons: Type.Object(Object.fromEntries(outcomeStates.map((state) => [state, Type.Integer()]))),
          minutes: Minutes,
          availability: Up,
          coverage: Coverage,
        }),
      ),
    }),
  ),
});

/** What became of lessons, and how available the links were. */
export function availabilityRoutes(app: App, { registry, outcomes }: HttpDeps): void {
  app.get(
    '/lessons/outcomes',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'What became of the lessons of a day',
        description: 'Lessons that are over. The method is in docs/availability.md.',
        querystring: Type.Object({ county: Type.String(), date: DateText }, { additionalProperties: false }),
        response: { 200: Outcomes },
      },
    },
    ({ query: { county, date } }) => {
      const inventory = inventoryOf(registry.inventories(), county);
      checkDate('date', date);
      const source = { inventory, timetable: registry.timetable(county) };
      return {
        date,
        timezone: inventory.county.timezone,
        ...settled(outcomes.minutes.settledTo(county)),
        outcomes: outcomesOfDay(outcomes, source, date).flatMap(({ lessons }) =>
          lessons.map(
            ({
              carrier: _carrier,
              frontEnd: _frontEnd,
              origin: _origin,
              date: _date,
              coverage,
              ...lesson
            }) => ({
              ...lesson,
              lost: lesson.lost.map((one) => ({ ...one, why: causeTitles[one.cause] })),
              coverage: { known: coverage.part, scheduled: coverage.of },
            }),
          ),
        ),
      };
    },
  );

  app.get(
    '/availability',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Availability of links and lessons of classes, with their coverage',
        description: `First and last day included, ${mostDays} days at most. The method is in docs/availability.md.`,
        querystring: Type.Object(
          { county: Type.String(), school: Type.Optional(Type.String()), from: DateText, to: DateText },
          { additionalProperties: false },
        ),
        response: { 200: AvailabilityAnswer },
      },
    },
    async ({ query: { county, school, from, to } }) => {
      const inventory = inventoryOf(registry.inventories(), county);
      checkDate('from', from);
      checkDate('to', to);
      if (to < from) throw new ApiError('invalid_input', 'to: must not be before from');
      if (plusDays(from, mostDays) <= to)
        throw new ApiError('invalid_input', `to: more than ${mostDays} days after from`);
      if (school !== undefined && !inventory.schools.some(({ id }) => id === school))
        throw new ApiError('not_found', `school: no school "${school}"`);
      const source = { inventory, timetable: registry.timetable(county) };
      const wanted = school === undefined ? undefined : new Set([school]);
      const availability = new Availability();
      for (let date = from; date <= to; date = plusDays(date, 1))
        for await (const schools of slicesOf(outcomesBySchool(outcomes, source, date, wanted)))
          availability.add(schools);
      return {
        from,
        to,
        timezone: inventory.county.timezone,
        ...settled(outcomes.minutes.settledTo(county)),
        schools: availability.schools().map(({ school: id, links, classes }) => ({
          school: id,
          links: links.map(({ link, lessons, always }) => ({
            link,
            lessons: figuresOf(lessons),
            always: figuresOf(always),
          })),
          classes: classes.map(({ class: of, lessons, minutes }) => ({
            class: of,
            lessons,
            ...figuresOf(minutes),
          })),
        })),
      };
    },
  );
}

function figuresOf(minutes: MinuteTally) {
  const [availability, coverage] = [availabilityOf(minutes), coverageOf(minutes)];
  return {
    minutes,
    availability: { up: availability.part, known: availability.of },
    coverage: { known: coverage.part, scheduled: coverage.of },
  };
}

function settled(settledTo: number | undefined): { settledTo?: number } {
  return settledTo === undefined ? {} : { settledTo };
}

function inventoryOf(inventories: readonly Inventory[], id: string): Inventory {
  const inventory = inventories.find(({ county }) => county.id === id);
  if (inventory === undefined) throw new ApiError('not_found', `county: no county "${id}"`);
  return inventory;
}

function checkDate(name: string, text: string): void {
  if (!isPlainDate(text)) throw new ApiError('invalid_input', `${name}: there is no such day as ${text}`);
}
