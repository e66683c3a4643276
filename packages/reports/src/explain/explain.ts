import { availabilityOf, coverageOf, type Share } from '@tongtang/lessons/delivery/minute-state';
import { type Figure, figuresOf } from '../figures.ts';
import { isJudged, meets } from '../judged.ts';
import { repairsIn, takingOf } from '../repair.ts';
import type { Report } from '../report.ts';
import { compareShares } from '../share.ts';
import type { Evidence, Reread, TracedSlice, Wanted } from './evidence.ts';
import { lessonEvidence } from './lesson-evidence.ts';

export type Explainable = Readonly<{
  report: Report;
  /** Both periods, read as the report was made of them. */
  days: Reread;
  daysBefore: Reread;
}>;

const before = '-before';

/**
 * What is behind a figure of a report, piece by piece: lessons with their minutes, days of a link, incidents, or the figures that it is made of. What the
 * pieces add is the figure; where it is made of others, they add nothing and {@link howOf} says how.
 * @param reference as {@link figuresOf} has it
 * @throws RangeError where the report has no such figure
 */
export function explain(
  reference: string,
  { report, days, daysBefore }: Explainable,
): AsyncGenerator<Evidence> {
  const figures = new Map(figuresOf(report).map((figure) => [figure.reference, figure]));
  if (!figures.has(reference)) throw new RangeError(`no figure ${reference}`);
  const [name = '', kind = '', ...key] = reference.split('/');
  const { timezone } = report.county;
  const isBefore = name.endsWith(before);
  const reread = (): AsyncIterable<TracedSlice> => (isBefore ? daysBefore : days)(wantedBy(kind, key));
  const [first = ''] = key;
  if (kind === 'link') return linkEvidence(name, key, reread());
  if (name === 'days') return dayEvidence(reread());
  if (name === 'agents') return agentEvidence(reread());
  if (name === 'rank') return each(rankEvidence(report, first));
  const question = { name: isBefore ? name.slice(0, -before.length) : name, kind, key, timezone };
  return (
    lessonEvidence(question, reread) ?? each(madeOf(name, `${kind}${first && '/'}${first}`, report, figures))
  );
}

async function* each(pieces: readonly Evidence[]): AsyncGenerator<Evidence> {
  yield* pieces;
}

function wantedBy(kind: string, [first]: readonly string[]): Wanted {
  if (first === undefined) return {};
  if (kind === 'school' || kind === 'class' || kind === 'link') return { school: first };
  return kind === 'day' || kind === 'worst-hour' ? { date: first } : {};
}

async function* linkEvidence(
  name: string,
  [, link]: readonly string[],
  slices: AsyncIterable<TracedSlice>,
): AsyncGenerator<Evidence> {
  const span = name.endsWith('-always') ? 'always' : 'lessons';
  const count = name.startsWith('availability') ? availabilityOf : coverageOf;
  for await (const { date, schools } of slices)
    for (const { school, links } of schools)
      for (const one of links) {
        const adds = count(one[span]);
        if (one.link !== link || adds.of === 0) continue;
        const { runs, witnesses } = one;
        yield { kind: 'link', school, link: one.link, date, runs: runs[span], witnesses, adds };
      }
}

async function* dayEvidence(slices: AsyncIterable<TracedSlice>): AsyncGenerator<Evidence> {
  for await (const { date, schools } of slices)
    for (const { inputs } of schools) {
      const agents = inputs.map(({ agent }) => agent);
      yield { kind: 'day', date, agents, adds: { part: agents.length > 0 ? 1 : 0, of: 1 } };
    }
}

async function* agentEvidence(slices: AsyncIterable<TracedSlice>): AsyncGenerator<Evidence> {
  const seen = new Set<string>();
  for await (const { schools } of slices)
    for (const { agent } of schools.flatMap(({ inputs }) => inputs)) {
      if (seen.has(agent)) continue;
      seen.add(agent);
      yield { kind: 'agent', agent, adds: one };
    }
}

const one: Share = { part: 1, of: 0 };
const none: Share = { part: 0, of: 0 };

/** Those that are better, and itself. */
function rankEvidence({ schools }: Report, school: string): Evidence[] {
  const own = schools.find((row) => row.school === school);
  if (own === undefined) return [];
  return schools
    .filter(
      (row) =>
        row === own || (row.rank !== undefined && compareShares(row.availability, own.availability) > 0),
    )
    .map(({ name, availability, coverage }) => ({ kind: 'place', name, availability, coverage, adds: one }));
}

/** The pieces of what is no sum over lessons or days. */
function madeOf(name: string, of: string, report: Report, figures: ReadonlyMap<string, Figure>): Evidence[] {
  const { objective, incidents, period, county, lessons } = report;
  const others = (...references: string[]): Evidence[] =>
    references.flatMap((reference): Evidence[] => {
      const figure = figures.get(reference);
      return figure === undefined ? [] : [{ kind: 'figure', figure, adds: none }];
    });
  switch (name) {
    case 'trend':
      return others(`availability/${of}`, `availability-before/${of}`);
    case 'objective':
      return [{ kind: 'setting', value: objective, adds: objective }];
    case 'budget':
      return others('availability/all', 'objective/all');
    case 'budget-left':
      return others('budget/all', 'lost-minutes/all');
    case 'budget-left-share':
      return others('budget-left/all', 'budget/all');
    case 'incidents':
      return incidents.map((incident) => ({ kind: 'incident', incident, adds: one }));
    case 'incidents-taking':
      return takingOf(incidents).map((incident) => ({ kind: 'incident', incident, adds: one }));
    case 'mttr':
      return repairsIn(incidents, period, county.timezone).map(({ incident, seconds }) => ({
        kind: 'incident',
        incident,
        adds: { part: seconds, of: 60 },
      }));
    case 'mtbf':
      return [
        ...others('availability/all').map((piece) => ({
          ...piece,
          adds: { part: lessons.availability.part, of: 0 },
        })),
        ...takingOf(incidents).map(
          (incident): Evidence => ({ kind: 'incident', incident, adds: { part: 0, of: 60 } }),
        ),
      ];
    default:
      return placesOf(name, report);
  }
}

type Judged = Pick<Extract<Evidence, { kind: 'place' }>, 'name' | 'availability' | 'coverage'>;

/** What a rate was counted of. */
function placesOf(name: string, report: Report): Evidence[] {
  const { objective, schools, classes, links } = report;
  const ofLink = (link: string): Judged[] =>
    schools.map(({ school, name: title }) => {
      const found = links.find((row) => row.school === school && row.link === link);
      return { name: title, availability: none, coverage: none, ...found?.lessons };
    });
  const judged: Readonly<Record<string, () => readonly Judged[]>> = {
    schools: () => ofLink('broadband'),
    classes: () => classes,
    platforms: () => ofLink('platform'),
  };
  const [whose = ''] = name.split('-');
  const isAskedFor = name.endsWith('-not-judged');
  return (judged[whose]?.() ?? []).flatMap(({ name: title, availability, coverage }): Evidence[] => {
    const isKnown = isJudged({ coverage });
    if (isKnown === isAskedFor) return [];
    const met = { part: isKnown && meets(availability, objective) ? 1 : 0, of: 1 };
    return [{ kind: 'place', name: title, availability, coverage, adds: isKnown ? met : one }];
  });
}
