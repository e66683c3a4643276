import { type Static, Type } from 'typebox';
import { CalendarDate, Days, DayTime, daysBetween, isWithin, type WallTime } from './day-time.ts';

const closed = { additionalProperties: false } as const;

/** Who is on duty (值班): exceptions first, then shifts, then turns. Names are keys of `people`. */
export const Roster = Type.Object(
  {
    /** On these dates, the last one included, it is these, whatever else is said. */
    except: Type.Optional(
      Type.Array(
        Type.Object(
          { first: CalendarDate, last: CalendarDate, who: Type.Array(Type.String(), { minItems: 1 }) },
          closed,
        ),
      ),
    ),
    /** By day and hour; the first that fits. */
    shifts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            days: Type.Optional(Days),
            from: Type.Optional(DayTime),
            to: Type.Optional(DayTime),
            who: Type.Array(Type.String(), { minItems: 1 }),
          },
          closed,
        ),
      ),
    ),
    /** One after the other, each for so many days, counted from a date on. */
    turns: Type.Optional(
      Type.Object(
        {
          from: CalendarDate,
          days: Type.Integer({ minimum: 1, maximum: 366 }),
          who: Type.Array(Type.String(), { minItems: 1 }),
        },
        closed,
      ),
    ),
  },
  { ...closed, minProperties: 1 },
);
export type Roster = Readonly<Static<typeof Roster>>;

/** Who is on duty at a moment, by their keys; nobody where the roster has a gap. */
export function onDuty({ except = [], shifts = [], turns }: Roster, wall: WallTime): readonly string[] {
  const { date } = wall;
  const exception = except.find(({ first, last }) => date >= first && date <= last);
  if (exception !== undefined) return exception.who;
  const shift = shifts.find((hours) => isWithin(hours, wall));
  if (shift !== undefined) return shift.who;
  if (turns === undefined || date < turns.from) return [];
  const turn = Math.floor(daysBetween(turns.from, date) / turns.days);
  const who = turns.who[turn % turns.who.length];
  return who === undefined ? [] : [who];
}

/** Everybody whom a roster names, with the place. */
export function namedIn({ except = [], shifts = [], turns }: Roster): [place: string, who: string][] {
  return [
    ...except.flatMap(({ who }, index) => who.map((key): [string, string] => [`except[${index}].who`, key])),
    ...shifts.flatMap(({ who }, index) => who.map((key): [string, string] => [`shifts[${index}].who`, key])),
    ...(turns?.who ?? []).map((key): [string, string] => ['turns.who', key]),
  ];
}
