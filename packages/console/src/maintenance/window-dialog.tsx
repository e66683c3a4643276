import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { County, MaintenanceWindow, WindowEntry } from '../api/answers.ts';
import { post, put } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Dialog } from '../design/dialog.tsx';
import { hubNow, hubTime } from '../format/clock.ts';
import { momentIn, wallClock } from '../format/time.ts';
import { inLanguage, words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';

type WindowDialogProps = Readonly<{
  county: County;
  /** The one that is changed; absent where another is added. */
  window?: MaintenanceWindow;
  done: () => void;
}>;

/** Announces work or changes what was announced, in the time of the county. */
export function WindowDialog({ county, window, done }: WindowDialogProps): JSX.Element {
  const t = words.value.maintenance;
  const kind = useSignal(window?.kind ?? 'once');
  const problem = useSignal('');
  const path = `counties/${county.id}/maintenance`;

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const entry = entryIn(new FormData(event.currentTarget), kind.value, county.timezone);
    if (typeof entry === 'string') {
      problem.value = entry;
      return;
    }
    // Meant, more often than not, for another day: asked once.
    if (entry.kind === 'once' && entry.end <= hubNow.value && problem.value !== t.pastSpan) {
      problem.value = t.pastSpan;
      return;
    }
    try {
      await (window === undefined ? post(path, entry) : put(`${path}/${window.id}`, entry));
      done();
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  return (
    <Dialog title={window === undefined ? t.add : t.edit} done={done}>
      <form class="form" onSubmit={submit}>
        <label>
          {t.note}
          <input name="note" maxLength={500} defaultValue={window?.note ?? ''} required />
        </label>
        <label>
          {t.school}
          <select name="school">
            <option value="">{t.wholeCounty}</option>
            {county.schools.map(({ id, name }) => (
              <option key={id} value={id} selected={id === window?.school}>
                {inLanguage(name)}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="segments">
          <legend>{t.kind}</legend>
          {(['once', 'weekly'] as const).map((name) => (
            <Segment key={name} name="kind" checked={kind.value === name} choose={() => (kind.value = name)}>
              {t.kinds[name]}
            </Segment>
          ))}
        </fieldset>
        {kind.value === 'once' ? (
          <OnceFields window={window} timeZone={county.timezone} />
        ) : (
          <WeeklyFields window={window} />
        )}
        <p class="hint">{words.value.classroom.zone(county.timezone)}</p>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary">
          {t.save}
        </button>
      </form>
    </Dialog>
  );
}

type FieldsProps = Readonly<{ window: MaintenanceWindow | undefined }>;

function OnceFields({ window, timeZone }: FieldsProps & Readonly<{ timeZone: string }>): JSX.Element {
  const t = words.value.maintenance;
  // The next full hour, for an hour.
  const hour = (Math.floor(hubTime() / 3600) + 1) * 3600;
  const [start, end] = window?.kind === 'once' ? [window.start, window.end] : [hour, hour + 3600];
  return (
    <div class="window-fields">
      <label>
        {t.begin}
        <input type="datetime-local" name="start" defaultValue={wallClock(start, timeZone)} required />
      </label>
      <label>
        {t.end}
        <input type="datetime-local" name="end" defaultValue={wallClock(end, timeZone)} required />
      </label>
    </div>
  );
}

function WeeklyFields({ window }: FieldsProps): JSX.Element {
  const t = words.value.maintenance;
  const { weekdays, at, minutes } =
    window?.kind === 'weekly' ? window : { weekdays: [6], at: '02:00', minutes: 60 };
  return (
    <>
      <fieldset class="weekdays">
        <legend>{t.weekdays}</legend>
        {t.weekdayNames.map((name, index) => (
          <label key={name}>
            <input
              type="checkbox"
              name="weekdays"
              value={index + 1}
              defaultChecked={weekdays.includes(index + 1)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div class="window-fields">
        <label>
          {t.at}
          <input type="time" name="at" defaultValue={at} required />
        </label>
        <label>
          {t.minutes}
          <input type="number" name="minutes" min={1} max={1440} defaultValue={String(minutes)} required />
        </label>
      </div>
    </>
  );
}

/** What was filled in, or what is wrong with it. */
function entryIn(form: FormData, kind: WindowEntry['kind'], timeZone: string): WindowEntry | string {
  const t = words.value.maintenance;
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const school = text('school');
  const about = { note: text('note'), ...(school !== '' && { school }) };
  if (kind === 'weekly') {
    const weekdays = form.getAll('weekdays').map(Number);
    if (weekdays.length === 0) return t.noWeekday;
    return { ...about, kind, weekdays, at: text('at'), minutes: Number(text('minutes')) };
  }
  const start = momentIn(text('start'), timeZone);
  const end = momentIn(text('end'), timeZone);
  if (start === undefined || end === undefined || end <= start) return t.wrongSpan;
  return { ...about, kind, start, end };
}
