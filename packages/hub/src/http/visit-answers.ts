import { targetSpans, visitKinds } from '@tongtang/model/visit';
import { Type } from 'typebox';
import { List, Name, Seconds } from './answers.ts';
import { TablesRefused } from './imported-tables.ts';

/** A day as people give it, of this century: others are mistyped. */
export const Day = Type.String({
  pattern: '^20\\d\\d-\\d\\d-\\d\\d$',
  form: 'must be a day such as 2026-09-01',
  description: "A day of the county's calendar",
});
const Kind = Type.Enum([...visitKinds], { description: 'docs/reports.md says which there are' });

/** Which entries are asked for. */
export const VisitFilterQuery = Type.Object({
  school: Type.Optional(Type.String()),
  kind: Type.Optional(Kind),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
});

/** What is entered. */
export const VisitBody = Type.Object(
  {
    school: Type.String(),
    date: Day,
    kind: Kind,
    note: Type.Optional(Type.String({ maxLength: 500, description: 'Who came, and what was done' })),
  },
  { additionalProperties: false },
);

export const VisitAnswer = Type.Object({
  id: Type.String(),
  ...VisitBody.properties,
  note: Type.String(),
  enteredBy: Type.String(),
  enteredAt: Seconds,
  changedBy: Type.Optional(Type.String({ description: 'Who corrected it last' })),
  changedAt: Type.Optional(Seconds),
});

export const VisitsAnswer = Type.Object({
  timezone: Type.String(),
  today: Type.String(),
  mayEnter: List(Kind, { description: 'Kinds that whoever asks may enter, correct and remove' }),
  visits: List(VisitAnswer, { description: 'The latest first' }),
});

const KindCount = Type.Object({
  done: Type.Integer(),
  target: Type.Integer(),
  missing: Type.Integer({ description: 'What is too much in one span makes up for nothing in another' }),
});

export const VisitCountsAnswer = Type.Object({
  on: Type.String(),
  today: Type.String(),
  terms: List(Type.Object({ name: Type.String(), from: Type.String(), to: Type.String() })),
  spans: List(
    Type.Object({
      kind: Kind,
      of: Type.Enum([...targetSpans]),
      name: Name,
      from: Type.String(),
      to: Type.String({ description: 'The last day that is counted' }),
      goesOn: Type.Boolean({ description: 'Whether the span is longer than that' }),
      each: Type.Integer({ description: 'Target of one school' }),
      ...KindCount.properties,
      lacking: Type.Integer({ description: 'Schools that have not met it' }),
    }),
    { description: 'What each kind is counted over; kinds of the term have none where no term is entered' },
  ),
  schools: List(
    Type.Object({
      school: Type.String(),
      kinds: Type.Object({
        first: KindCount,
        inspection: KindCount,
        research: KindCount,
        service: KindCount,
      }),
    }),
  ),
});

export const VisitImportAnswer = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    rows: Type.Integer(),
    added: Type.Integer({ description: 'Those that the register did not have' }),
  }),
  TablesRefused,
]);
