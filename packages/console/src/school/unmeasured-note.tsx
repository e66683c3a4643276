import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { County, Me, School } from '../api/answers.ts';
import { targetName } from '../classroom/target.ts';
import { CopyText } from '../design/copy-text.tsx';
import { words } from '../language/language.ts';
import { AddMachine } from '../overview/add-machine.tsx';
import { receiverCodeCommand, roomPlaceholder } from './receiver-code.ts';

type UnmeasuredNoteProps = Readonly<{ me: Me; county: County; school: School }>;

/** Receivers that are in the inventory and that no machine measures, and how to make one do so. */
export function UnmeasuredNote({ me, county, school }: UnmeasuredNoteProps): JSX.Element {
  const t = words.value.unmeasured;
  const adding = useSignal(false);
  const receivers = school.unmeasuredTargets.map((id) => targetName(id, county));
  const command = receiverCodeCommand(county, school);
  return (
    <section class="sheet panel unmeasured" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p>{t.why(receivers.join(words.value.listComma))}</p>
      {me.role === 'admin' && (
        <button type="button" class="primary" onClick={() => (adding.value = true)}>
          {t.add}
        </button>
      )}
      <p class="hint">{me.role === 'admin' ? t.orRun : t.askAdmin}</p>
      <CopyText text={command} />
      {command.includes(roomPlaceholder) && <p class="hint">{t.anyRoom(roomPlaceholder)}</p>}
      {adding.value && (
        <AddMachine
          counties={[county]}
          seat={{ county: county.id, school: school.id }}
          kind="receiver"
          done={() => (adding.value = false)}
        />
      )}
    </section>
  );
}
