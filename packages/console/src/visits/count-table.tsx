import type { JSX } from 'preact';
import { type County, type KindCount, type VisitCounts, type VisitKind, visitKinds } from '../api/answers.ts';
import { schoolName } from '../incidents/incident-text.ts';
import { inLanguage, words } from '../language/language.ts';
import { spansOf } from './spans.ts';

/** Each school with what it has of each kind, and all together. */
export function CountTable({
  counts,
  county,
}: Readonly<{ counts: VisitCounts; county: County }>): JSX.Element {
  const t = words.value.visits;
  return (
    <section class="visit-counts" aria-label={t.table}>
      <div class="sheet">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.school}</th>
              {visitKinds.map((kind) => (
                <th key={kind} scope="col">
                  {t.heads[kind]} <small>{eachOf(counts, kind)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.schools.map(({ school, kinds }) => (
              <tr key={school}>
                <th scope="row">{schoolName(county, school)}</th>
                {visitKinds.map((kind) => (
                  <CountCell key={kind} count={kinds[kind]} />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t.allSchools}</th>
              {visitKinds.map((kind) => (
                <CountCell key={kind} count={allOf(counts, kind)} />
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      <ul class="hint">
        {spansOf(counts).map(({ of, name, from, to, goesOn }) => (
          <li key={`${of} ${from}`}>{t.range(inLanguage(name), from, to, goesOn)}</li>
        ))}
        {!counts.spans.some(({ of }) => of === 'term') && <li>{t.noTerm}</li>}
      </ul>
    </section>
  );
}

/** How many there are of how many; where some are missing, that too. */
function CountCell({ count }: Readonly<{ count: KindCount }>): JSX.Element {
  const t = words.value.visits;
  const { done, target, missing } = count;
  if (target === 0) return <td>{done === 0 ? '–' : done}</td>;
  return (
    <td class={missing > 0 ? 'is-missing' : 'is-met'}>
      {t.of(done, target)}
      <small>{missing > 0 ? t.missing(missing) : '✓'}</small>
    </td>
  );
}

function eachOf({ spans }: VisitCounts, kind: VisitKind): string {
  const t = words.value.visits;
  const span = spans.find((one) => one.kind === kind);
  return span === undefined ? t.notCounted : t.each[span.of](span.each);
}

function allOf({ spans }: VisitCounts, kind: VisitKind): KindCount {
  return spans.find((span) => span.kind === kind) ?? { done: 0, target: 0, missing: 0 };
}
