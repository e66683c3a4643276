import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { County, Visit, VisitCounts, VisitEntry, Visits } from '../api/answers.ts';
import { get, put, remove } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { schoolName } from '../incidents/incident-text.ts';
import { words } from '../language/language.ts';
import { CountTable } from './count-table.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { lastDay, spansOf } from './spans.ts';
import { VisitDialog } from './visit-dialog.tsx';
import { VisitList } from './visit-list.tsx';

type Answer = Readonly<{ counts: VisitCounts; register: Visits }>;

/** What is counted, the register behind it, and all that can be done with it. */
export function CountyVisits({ county }: Readonly<{ county: County }>): JSX.Element {
  const t = words.value.visits;
  /** The name of the term that is shown; absent: until today. */
  const term = useSignal<string | undefined>(undefined);
  const answer = useSignal<Answer | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const editing = useSignal<Visit | 'new' | 'import' | undefined>(undefined);
  const removed = useSignal<Visit | undefined>(undefined);
  const said = useSignal('');
  const path = `counties/${county.id}/visits`;

  const load = async (): Promise<void> => {
    try {
      const on = lastDay(answer.value?.counts, term.value);
      const counts = await get<VisitCounts>(`${path}/counts`, { on });
      const from = spansOf(counts)
        .map((span) => span.from)
        .sort()[0];
      answer.value = { counts, register: await get<Visits>(path, { from, to: counts.on }) };
      problem.value = undefined;
    } catch (error) {
      problem.value = problemText(error);
    }
  };
  useEffect(() => void load(), []);

  const attempt = async (change: () => Promise<void>): Promise<void> => {
    try {
      await change();
      await load();
    } catch (error) {
      problem.value = problemText(error);
    }
  };
  const takeAway = (visit: Visit): Promise<void> =>
    attempt(async () => {
      await remove(`${path}/${visit.id}`);
      removed.value = visit;
    });
  const bringBack = (visit: Visit): Promise<void> =>
    attempt(async () => {
      await put(`${path}/${visit.id}`, entryOf(visit));
      removed.value = undefined;
    });
  const done = (): void => {
    editing.value = undefined;
    void load();
  };

  const { counts, register } = answer.value ?? {};
  const mayEnter = register?.mayEnter ?? [];
  return (
    <>
      <div class="page-head visits-actions">
        {counts !== undefined && counts.terms.length > 0 && (
          <select
            aria-label={t.counted}
            value={term.value ?? ''}
            onChange={(event) => {
              term.value = event.currentTarget.value === '' ? undefined : event.currentTarget.value;
              void load();
            }}
          >
            <option value="">{t.untilToday}</option>
            {counts.terms
              .filter(({ to }) => to < counts.today)
              .reverse()
              .map(({ name }) => (
                <option key={name} value={name}>
                  {t.term(name)}
                </option>
              ))}
          </select>
        )}
        <a class="button" href={`/api/v1/${path}.csv`} download>
          {t.download}
        </a>
        {mayEnter.length > 1 && (
          <button type="button" onClick={() => (editing.value = 'import')}>
            {t.importTitle}
          </button>
        )}
        {mayEnter.length > 0 && (
          <button type="button" class="primary" onClick={() => (editing.value = 'new')}>
            {t.add}
          </button>
        )}
      </div>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="visits-said" role="status">
        {said}
      </p>
      {removed.value !== undefined && <Removed visit={removed.value} county={county} undo={bringBack} />}
      {counts !== undefined && <CountTable counts={counts} county={county} />}
      {register !== undefined && (
        <VisitList
          visits={register.visits}
          county={county}
          mayEnter={mayEnter}
          edit={(visit) => (editing.value = visit)}
          takeAway={takeAway}
        />
      )}
      {editing.value === 'import' && (
        <ImportDialog
          path={path}
          imported={(added) => {
            said.value = t.imported(added);
            done();
          }}
          done={done}
        />
      )}
      {editing.value !== undefined && editing.value !== 'import' && register !== undefined && (
        <VisitDialog
          county={county}
          today={register.today}
          kinds={mayEnter}
          {...(editing.value !== 'new' && { visit: editing.value })}
          done={done}
        />
      )}
    </>
  );
}

type RemovedProps = Readonly<{ visit: Visit; county: County; undo: (visit: Visit) => void }>;

function Removed({ visit, county, undo }: RemovedProps): JSX.Element {
  const t = words.value.visits;
  const { date, school, kind } = visit;
  return (
    <p class="ribbon" role="status">
      <span>{t.removed([date, schoolName(county, school), t.kinds[kind]].join(' · '))}</span>
      <button type="button" onClick={() => undo(visit)}>
        {t.undo}
      </button>
    </p>
  );
}

/** An entry as it was entered. */
function entryOf({ school, date, kind, note }: Visit): VisitEntry {
  return { school, date, kind, note };
}
