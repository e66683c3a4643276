import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Incident } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { TextDialog } from '../design/text-dialog.tsx';
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

/** Asks for a note. */
function DeedDialog({ deed, id, done }: DeedDialogProps): JSX.Element {
  const t = words.value.incidents;
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
  const act = async (text: string): Promise<string | undefined> => {
    const body = text === '' ? {} : { text };
    try {
      done(await post<Incident>(`incidents/${encodeURIComponent(id)}/${deed}`, body));
      return undefined;
    } catch (error) {
      return problemText(error);
    }
  };
  return (
    <TextDialog
      title={titles[deed]}
      more={more[deed]}
      label={deed === 'note' ? t.note : t.noteOptional}
      isRequired={deed === 'note'}
      maxLength={1000}
      act={act}
      cancel={() => done()}
    />
  );
}
