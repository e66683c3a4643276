import { languages } from '@tongtang/model/text';
import { letterKinds } from '@tongtang/store/reports/letters';
import { revisionReasons, revisionStates } from '@tongtang/store/reports/revisions';
import { runOutcomes } from '@tongtang/store/reports/schedules';
import { Type } from 'typebox';
import { ReportRefusal } from '../reports/refusal.ts';
import { List, Name, Seconds } from './answers.ts';
import { ApiError } from './errors.ts';

/** Two whole numbers; with `of` 0 nothing is known. */
const Share = Type.Object(
  { part: Type.Integer(), of: Type.Integer() },
  { description: 'Two whole numbers; `of` 0 means that nothing is known' },
);

export const ScopeChoice = Type.Object(
  { kind: Type.Enum(['county', 'cluster', 'school']), id: Type.String() },
  { additionalProperties: false },
);

export const LanguageName = Type.Enum([...languages]);

export const MailAddress = Type.String({
  maxLength: 200,
  pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$',
  form: 'must be a mail address',
});

export const Objective = Type.Integer({
  minimum: 1,
  maximum: 9999,
  description: 'Share of lesson minutes that have to work, in hundredths of a per cent: 9950 is 99.5 %',
});

export const ReportHeadAnswer = Type.Object({
  id: Type.String(),
  county: Type.String(),
  scope: Type.Object({ kind: ScopeChoice.properties.kind, id: Type.String(), name: Name }),
  period: Type.Object({
    kind: Type.Enum(['month', 'term', 'range']),
    from: Type.String(),
    to: Type.String(),
    title: Name,
  }),
  objective: Share,
  title: Name,
  state: Type.Enum([...revisionStates], { description: 'Of the newest revision' }),
  newest: Type.Integer({ description: 'Number of the newest revision' }),
  current: Type.Optional(
    Type.Integer({ description: 'What people hold: the newest that was issued and not withdrawn' }),
  ),
  madeAt: Seconds,
  madeBy: Type.String(),
  why: Type.Enum([...revisionReasons]),
  figures: Type.Object({
    availability: Share,
    coverage: Share,
    schools: Share,
    classes: Share,
    platforms: Share,
  }),
});

const LetterAnswer = Type.Object({
  to: Type.String(),
  at: Seconds,
  kind: Type.Enum([...letterKinds]),
  state: Type.Enum(['waiting', 'sent', 'failed', 'needless'], {
    description: '`needless`: what it asks for was decided before, so it was not sent',
  }),
  why: Type.Optional(Name),
});

const RevisionAnswer = Type.Object({
  number: Type.Integer(),
  state: Type.Enum([...revisionStates]),
  why: Type.Enum([...revisionReasons]),
  madeAt: Seconds,
  madeBy: Type.String(),
  fingerprint: Type.String({ description: 'Of its JSON: first 16 digits of SHA-256' }),
  inputs: Type.String({ description: 'Version of all that it was made of' }),
  changes: Type.Integer({ description: 'How much is other than in what people held before' }),
  history: List(
    Type.Object({
      at: Seconds,
      by: Type.String(),
      what: Type.Enum(['made', 'approved', 'withdrawn', 'replaced', 'sent']),
      note: Type.Optional(Type.String()),
    }),
  ),
  letters: List(LetterAnswer),
});

export const ReportAnswer = Type.Object({
  ...ReportHeadAnswer.properties,
  revision: Type.Integer({ description: 'Which one the following is of' }),
  fingerprint: Type.String(),
  summary: List(
    Type.Object({
      title: Name,
      value: Type.Optional(Type.String({ description: 'As it is printed; absent where nothing is known' })),
      share: Type.Optional(Share),
      unit: Name,
    }),
  ),
  completeness: List(
    Type.Object({
      school: Name,
      days: Share,
      agents: Type.Integer(),
      coverage: Share,
      unknownLessons: Type.Integer(),
    }),
  ),
  inputs: List(Type.Object({ title: Name, value: Name })),
  isSimulated: Type.Boolean(),
  revisions: List(RevisionAnswer, { description: 'The newest first' }),
  problems: List(Name, { description: 'What does not work, and what to do' }),
});

export const JobAnswer = Type.Object({
  id: Type.String(),
  county: Type.String(),
  title: Name,
  askedBy: Type.String(),
  askedAt: Seconds,
  state: Type.Enum(['waiting', 'working', 'done', 'failed', 'cancelled']),
  progress: Type.Optional(Type.Object({ day: Type.String(), done: Type.Integer(), of: Type.Integer() })),
  report: Type.Optional(Type.String()),
  revision: Type.Optional(Type.Integer()),
  outcome: Type.Optional(Type.Enum(['issued', 'awaiting', 'unchanged'])),
  error: Type.Optional(Type.String()),
});

export const ReportsAnswer = Type.Object({
  reports: List(ReportHeadAnswer),
  more: Type.Boolean(),
  jobs: List(JobAnswer, { description: 'Those that are being made, and those of the last hour' }),
});

export const ChangesAnswer = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  changes: List(
    Type.Object({
      table: Name,
      row: Name,
      column: Type.Optional(Name),
      before: Type.Optional(Name),
      after: Type.Optional(Name),
      kind: Type.Enum(['changed', 'added', 'removed']),
    }),
  ),
  more: Type.Integer({ description: 'So many are left out' }),
});

export const PeriodsAnswer = Type.Object({
  terms: List(Type.Object({ name: Type.String(), from: Type.String(), to: Type.String() })),
  objective: Type.Integer(),
});

export const ScheduleAnswer = Type.Object({
  on: Type.Boolean(),
  scope: Type.Object({ kind: ScopeChoice.properties.kind, id: Type.String() }),
  objective: Type.Integer(),
  language: LanguageName,
  recipients: List(Type.String()),
  approval: Type.Boolean(),
  approvers: List(Type.String()),
  next: Type.Optional(
    Type.Object(
      { month: Type.String(), date: Type.String(), at: Seconds },
      { description: 'The report that comes next: at 7 on the first school day after its month' },
    ),
  ),
  last: Type.Optional(
    Type.Object({
      month: Type.String(),
      at: Seconds,
      outcome: Type.Enum([...runOutcomes]),
      report: Type.Optional(Type.String()),
    }),
  ),
  trial: Type.Optional(Type.Intersect([LetterAnswer], { description: 'The newest mail for trying' })),
  problems: List(Name),
});

/** Waiting reports take a while. Seconds. */
const askAgainAfterS = 60;

/** Does what is asked of the desk of reports. @throws ApiError where it refuses */
export async function answered<Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ReportRefusal)) throw error;
    throw new ApiError(error.code, error.message, error.code === 'wait' ? askAgainAfterS : undefined);
  }
}
