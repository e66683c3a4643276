import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Places, TimetableSize } from '../api/answers.ts';
import { get, post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { CountyChoice } from '../county-choice.tsx';
import { formatMoment } from '../format/time.ts';
import { locale, words } from '../language/language.ts';
import { Entries } from './entries.tsx';
import { ImportForm } from './import-form.tsx';
import './timetable.css';

/** The timetable of a county: what there is, as a file to change, and back in again. */
export default function TimetablePage(): JSX.Element {
  const t = words.value.timetable;
  const { query } = useLocation();
  const counties = useSignal<readonly County[] | undefined>(undefined);
  const problem = useSignal('');
  useEffect(() => {
    get<Places>('places').then(
      (places) => (counties.value = places.counties),
      (error: unknown) => (problem.value = problemText(error)),
    );
  }, []);
  useEffect(() => {
    document.title = `${t.title} · ${words.value.product}`;
  }, [t]);

  const known = counties.value;
  const county = known?.find(({ id }) => id === query.county) ?? known?.[0];
  return (
    <div class="timetable-page">
      <div class="page-head">
        <h1>{t.title}</h1>
        <CountyChoice counties={known ?? []} chosen={county} page="/timetable" />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      {county !== undefined && <CountyTimetable key={county.id} county={county} />}
    </div>
  );
}

function CountyTimetable({ county }: { county: County }): JSX.Element {
  const t = words.value.timetable;
  const size = useSignal<TimetableSize | undefined>(undefined);
  const problem = useSignal('');
  const said = useSignal('');
  const base = `counties/${county.id}/timetable`;

  const load = (): Promise<void> =>
    get<TimetableSize>(base).then(
      (answer) => {
        size.value = answer;
      },
      (error: unknown) => {
        problem.value = problemText(error);
      },
    );
  useEffect(() => void load(), []);

  const undo = async (): Promise<void> => {
    try {
      const { undone } = await post<{ undone: boolean }>(`${base}/undo`);
      said.value = undone ? t.undone : t.nothingToUndo;
      problem.value = '';
      await load();
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  const present = size.value;
  return (
    <div class="panels">
      <section class="sheet panel" aria-label={t.present}>
        <h2>{t.present}</h2>
        <p class="problem" role="alert">
          {problem}
        </p>
        {present === undefined && problem.value === '' && <p class="hint">{words.value.loading}</p>}
        {present !== undefined && (
          <>
            {present.origin === undefined ? (
              <p>{t.none}</p>
            ) : (
              <>
                <p>
                  {t.imported(
                    formatMoment(present.origin.importedAt, county.timezone, locale.value),
                    present.origin.importedBy,
                  )}
                </p>
                <Entries size={present} />
              </>
            )}
            <div class="timetable-actions">
              <a class="button" href={`/api/v1/${base}.xlsx`} download>
                {present.origin === undefined ? t.template : t.download}
              </a>
              {present.origin !== undefined && (
                <button type="button" onClick={undo}>
                  {t.undo}
                </button>
              )}
            </div>
            <p role="status">{said}</p>
          </>
        )}
      </section>
      <ImportForm
        county={county.id}
        present={present}
        done={() => {
          said.value = '';
          void load();
        }}
      />
    </div>
  );
}
