import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { Incident } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Dialog } from '../design/dialog.tsx';
import { words } from '../language/language.ts';
import { isOver } from './order.ts';

type Deed = 'acknowledge' | 'note' | 'close' | 'reopen';
type IncidentActionsProps = Readonly<{ incident: Incident; changed: (incident: Incident) => void }>;

/** What a technician may do: acknowledge it, write something down, close it by hand and take that back. */
export function IncidentActions({ incident, changed }: IncidentActionsProps): JSX.Element {
  const t = words.value.incidents;
  const doing = useSignal<Deed | undefined>(undefined);
  const open = (deed: Deed) => () => {
    doing.value = deed;
  };
  return (
    <div class="incident-actions">
      {incident.state === 'open' && (
        <button type="button" class="primary" onClick={open('acknowledge')}>
          {t.acknowledge}
        </button>
      )}
      <button type="button" onClick={open('note')}>
        {t.addNote}
      </button>
      {!isOver(incident.state) && (
        <button type="button" onClick={open('close')}>
          {t.closeByHand}
        </button>
      )}
      {incident.state === 'closed' && (
        <button type="button" onClick={open('reopen')}>
          {t.reopen}
        </button>
      )}
      {doing.value !== undefined && (
        <DeedDialog
          deed={doing.value}
          id={incident.id}
          done={(after) => {
            doing.value = undefined;
            if (after !== undefined) changed(after);
          }}
        />
      )}
    </div>
  );
}

type DeedDialogProps = Readonly<{ deed: Deed; id: string; done: (after?: Incident) => void }>;

/** Asks for a note, and before a close for a second thought. */
function DeedDialog({ deed, id, done }: DeedDialogProps): JSX.Element {
  const t = words.value.incidents;
  const problem = useSignal('');
  const working = useSignal(false);
  const titles: Readonly<Record<Deed, string>> = {
    acknowledge: t.acknowledge,
    note: t.addNote,
    close: t.closeByHand,
    reopen: t.reopen,
  };
  const more: Readonly<Partial<Record<Deed, string>>> = {
    acknowledge: t.acknowledgeMore,
    close: t.closeMore,
  };

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text')).trim();
    working.value = true;
    try {
      done(await post<Incident>(`incidents/${encodeURIComponent(id)}/${deed}`, text === '' ? {} : { text }));
    } catch (error) {
      problem.value = problemText(error);
      working.value = false;
    }
  };

  return (
    <Dialog title={titles[deed]} done={() => done()}>
      <form class="form" onSubmit={submit}>
        {more[deed] !== undefined && <p>{more[deed]}</p>}
        <label>
          {deed === 'note' ? t.note : t.noteOptional}
          <textarea name="text" rows={3} maxLength={1000} required={deed === 'note'} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="form-actions">
          <button type="submit" class="primary" disabled={working.value}>
            {titles[deed]}
          </button>
          <button type="button" onClick={() => done()}>
            {t.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
