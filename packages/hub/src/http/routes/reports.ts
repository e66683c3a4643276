import { isPlainDate } from '@tongtang/lessons/plain-date';
import { monthPeriod, type Period, rangePeriod, termPeriod } from '@tongtang/reports/period';
import { type Static, Type } from 'typebox';
import { principalOf } from '../access.ts';
import { Done, done } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import {
  answered,
  ChangesAnswer,
  JobAnswer,
  LanguageName,
  MailAddress,
  Objective,
  PeriodsAnswer,
  ReportAnswer,
  ReportHeadAnswer,
  ReportsAnswer,
  ScopeChoice,
} from '../report-answers.ts';

const ReportId = Type.Object({ id: Type.String() });
export const RevisionNumber = Type.Integer({ minimum: 1 });
const Note = Type.String({ maxLength: 1000, pattern: '\\S', form: 'must not be empty' });
const closed = { additionalProperties: false } as const;

const AskBody = Type.Object(
  {
    county: Type.String(),
    scope: Type.Optional(ScopeChoice),
    month: Type.Optional(Type.String({ description: 'Such as 2026-11; or `term`, or `from` and `to`' })),
    term: Type.Optional(Type.String({ description: 'By its name in the timetable' })),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    objective: Type.Optional(Objective),
  },
  closed,
);

/** Issued reports: browse, issue, compare, approve, withdraw, send. */
export function reportRoutes(app: App, { reports, registry, nowS }: HttpDeps): void {
  const by = (who: string) => ({ who, at: nowS() });

  app.get(
    '/reports',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Issued reports, the newest first',
        querystring: Type.Object(
          {
            county: Type.Optional(Type.String()),
            school: Type.Optional(Type.String({ description: 'Reports about this school alone' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
            before: Type.Optional(Type.Number({ description: '`madeAt` of the last one that is known' })),
          },
          closed,
        ),
        response: { 200: ReportsAnswer },
      },
    },
    async ({ query: { county, school, limit = 100, before } }) => {
      const found = reports.list({ county, school, before, limit: limit + 1 });
      return { reports: found.slice(0, limit), more: found.length > limit, jobs: reports.jobs(county) };
    },
  );

  app.post(
    '/reports',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Issue the report of a period that is over',
        description:
          'It is made in the background: the answer names a job to ask for. Where nothing that a reader sees differs from what was issued ' +
          'before, no revision comes of it.',
        body: AskBody,
        response: { 202: Type.Object({ job: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { county, scope, objective } = request.body;
      const period = periodIn(request.body, () => registry.timetable(county)?.terms ?? []);
      const asked = {
        county,
        period,
        ...(scope && { scope }),
        ...(objective !== undefined && { objective }),
      };
      const { id } = await answered(() => reports.ask(asked, principalOf(request).user));
      return reply.code(202).send({ job: id });
    },
  );

  app.get(
    '/reports/jobs/:job',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'How far a report is that was asked for',
        params: Type.Object({ job: Type.String() }),
        response: { 200: JobAnswer },
      },
    },
    ({ params }) => answered(() => reports.job(params.job)),
  );

  app.delete(
    '/reports/jobs/:job',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Cancel a report that waits or is being made: for whoever asked for it, and admins',
        params: Type.Object({ job: Type.String() }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { job } = request.params;
      const { user, role } = principalOf(request);
      await answered(() => {
        if (reports.job(job).askedBy !== user && role !== 'admin')
          throw new ApiError('forbidden', 'somebody else asked for the report');
        reports.cancel(job);
      });
      return done;
    },
  );

  app.get(
    '/counties/:county/report-periods',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'What a report of a county may be about: terms, and the objective',
        params: Type.Object({ county: Type.String() }),
        response: { 200: PeriodsAnswer },
      },
    },
    ({ params }) => answered(() => reports.periods(params.county)),
  );

  app.get(
    '/reports/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'A report: its figures, what it was made of, and its revisions',
        params: ReportId,
        querystring: Type.Object(
          {
            revision: Type.Optional(
              Type.Intersect([RevisionNumber], {
                description: 'What people hold, or else the newest, where absent',
              }),
            ),
          },
          closed,
        ),
        response: { 200: ReportAnswer },
      },
    },
    ({ params, query }) => answered(() => reports.detail(params.id, query.revision)),
  );

  app.get(
    '/reports/:id/changes',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'What two revisions of a report say differently',
        params: ReportId,
        querystring: Type.Object(
          { from: Type.Optional(RevisionNumber), to: Type.Optional(RevisionNumber) },
          closed,
        ),
        response: { 200: ChangesAnswer },
      },
    },
    ({ params, query }) => answered(() => reports.changes(params.id, query.from, query.to)),
  );

  app.post(
    '/reports/:id/approve',
    {
      config: { access: 'reports' },
      schema: {
        summary: 'Approve a revision that awaits it: it is issued, and sent',
        params: ReportId,
        body: Type.Object({ revision: RevisionNumber, note: Type.Optional(Note) }, closed),
        response: { 200: ReportHeadAnswer },
      },
    },
    (request) => {
      const { revision, note } = request.body;
      const { user } = principalOf(request);
      return answered(() => reports.approve(request.params.id, revision, note, by(user)));
    },
  );

  app.post(
    '/reports/:id/withdraw',
    {
      config: { access: 'reports' },
      schema: {
        summary: 'Withdraw a report: what awaits approval, or else all that people hold',
        description: 'It stays to be read, marked as withdrawn. Who had it by mail is told, with the note.',
        params: ReportId,
        body: Type.Object({ note: Note }, closed),
        response: { 200: ReportHeadAnswer },
      },
    },
    (request) => {
      const { user } = principalOf(request);
      return answered(() => reports.withdraw(request.params.id, request.body.note, by(user)));
    },
  );

  app.post(
    '/reports/:id/send',
    {
      config: { access: 'reports' },
      schema: {
        summary: 'Send an issued report by mail, with its PDF and XLSX',
        params: ReportId,
        body: Type.Object(
          {
            to: Type.Array(MailAddress, { minItems: 1, maxItems: 50 }),
            language: Type.Optional(LanguageName),
            revision: Type.Optional(RevisionNumber),
          },
          closed,
        ),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { to, language = 'zh', revision } = request.body;
      const { user } = principalOf(request);
      await answered(() => reports.send(request.params.id, to, language, revision, by(user)));
      return done;
    },
  );
}

type Terms = Parameters<typeof termPeriod>[0][];

/** @throws ApiError naming the field that is missing, too much or wrong */
function periodIn(
  { month, term, from, to }: Static<typeof AskBody>,
  terms: () => readonly Terms[number][],
): Period {
  const isRange = from !== undefined || to !== undefined;
  if ([month !== undefined, term !== undefined, isRange].filter(Boolean).length !== 1)
    throw wrong('month', 'which days? One of month, term, or from and to');
  if (month !== undefined) return monthPeriod(month) ?? bad('month', 'must be a month such as 2026-11');
  if (term !== undefined) {
    const found = terms().find(({ name }) => name === term);
    if (found !== undefined) return termPeriod(found);
    const names = terms().map(({ name }) => name);
    throw new ApiError('not_found', `term: no term "${term}". There are: ${names.join(', ')}`);
  }
  if (from === undefined || !isPlainDate(from)) throw wrong('from', 'must be a day such as 2026-11-02');
  if (to === undefined || !isPlainDate(to)) throw wrong('to', 'must be a day such as 2026-11-08');
  return to < from ? bad('to', `${to} is before ${from}`) : rangePeriod(from, to);
}

function bad(field: string, message: string): never {
  throw wrong(field, message);
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('invalid_input', `${field}: ${message}`);
}
