import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { type County, type Visit, type VisitKind, visitKinds } from '../api/answers.ts';
import { schoolName } from '../incidents/incident-text.ts';
import { inLanguage, words } from '../language/language.ts';

/** So many are shown at first: a large county has thousands. */
const shownAtFirst = 60;

type VisitListProps = Readonly<{
  visits: readonly Visit[];
  county: County;
  /** Kinds that may be corrected and removed. */
  mayEnter: readonly VisitKind[];
  edit: (visit: Visit) => void;
  takeAway: (visit: Visit) => void;
}>;

/** The entries, the latest first; of one school or kind where that is chosen. */
export function VisitList({ visits, county, mayEnter, edit, takeAway }: VisitListProps): JSX.Element {
  const t = words.value.visits;
  const school = useSignal('');
  const kind = useSignal('');
  const isAll = useSignal(false);
  if (visits.length === 0)
    return (
      <div class="empty sheet">
        <p>{t.none}</p>
        <p>{t.noneMore}</p>
      </div>
    );
  const chosen = visits.filter(
    (visit) =>
      (school.value === '' || visit.school === school.value) &&
      (kind.value === '' || visit.kind === kind.value),
  );
  const shown = isAll.value ? chosen : chosen.slice(0, shownAtFirst);
  return (
    <section class="visit-register" aria-label={t.register}>
      <div class="page-head">
        <h2>{t.register}</h2>
        <div class="visit-filters">
          <select
            aria-label={t.school}
            value={school.value}
            onChange={(event) => (school.value = event.currentTarget.value)}
          >
            <option value="">{t.allSchools}</option>
            {county.schools.map(({ id, name }) => (
              <option key={id} value={id}>
                {inLanguage(name)}
              </option>
            ))}
          </select>
          <select
            aria-label={t.kind}
            value={kind.value}
            onChange={(event) => (kind.value = event.currentTarget.value)}
          >
            <option value="">{t.anyKind}</option>
            {visitKinds.map((name) => (
              <option key={name} value={name}>
                {t.kinds[name]}
              </option>
            ))}
          </select>
        </div>
      </div>
      {chosen.length === 0 && <p class="hint">{t.noneOfThese}</p>}
      <ul class="visit-list sheet">
        {shown.map((visit) => (
          <VisitRow
            key={visit.id}
            visit={visit}
            county={county}
            isMine={mayEnter.includes(visit.kind)}
            edit={() => edit(visit)}
            takeAway={() => takeAway(visit)}
          />
        ))}
      </ul>
      {shown.length < chosen.length && (
        <button type="button" onClick={() => (isAll.value = true)}>
          {t.showAll(chosen.length)}
        </button>
      )}
    </section>
  );
}

type VisitRowProps = Readonly<{
  visit: Visit;
  county: County;
  isMine: boolean;
  edit: () => void;
  takeAway: () => void;
}>;

function VisitRow({ visit, county, isMine, edit, takeAway }: VisitRowProps): JSX.Element {
  const t = words.value.visits;
  const { date, school, kind, note, enteredBy, changedBy } = visit;
  const called = [date, schoolName(county, school), t.kinds[kind]].join(', ');
  const who = [t.by(enteredBy), ...(changedBy === undefined ? [] : [t.correctedBy(changedBy)])];
  return (
    <li>
      <time dateTime={date}>{date}</time>
      <div>
        <p>
          <strong>{schoolName(county, school)}</strong> {t.kinds[kind]}
        </p>
        {note !== '' && <p class="visit-note">{note}</p>}
        <p class="hint">{who.join(words.value.listComma)}</p>
      </div>
      {isMine && (
        <div class="visit-row-actions">
          <button type="button" onClick={edit} aria-label={`${t.edit}: ${called}`}>
            {t.edit}
          </button>
          <button type="button" onClick={takeAway} aria-label={`${t.remove}: ${called}`}>
            {t.remove}
          </button>
        </div>
      )}
    </li>
  );
}
