import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { words } from '../language/language.ts';
import { Dialog } from './dialog.tsx';

type TextDialogProps = Readonly<{
  /** What is done, on the button as well. */
  title: string;
  /** What it means. */
  more?: string | undefined;
  label: string;
  /** Whether it cannot be done without a text. */
  isRequired: boolean;
  maxLength: number;
  /** Does it. @returns what is wrong; undefined where it is done */
  act: (text: string) => Promise<string | undefined>;
  cancel: () => void;
}>;

/** Asks for a text before something is done, and so for a second thought. */
export function TextDialog(props: TextDialogProps): JSX.Element {
  const { title, more, label, isRequired, maxLength, act, cancel } = props;
  const problem = useSignal('');
  const working = useSignal(false);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    working.value = true;
    problem.value = (await act(String(new FormData(event.currentTarget).get('text')).trim())) ?? '';
    working.value = false;
  };

  return (
    <Dialog title={title} done={cancel}>
      <form class="form" onSubmit={submit}>
        {more !== undefined && <p>{more}</p>}
        <label>
          {label}
          <textarea name="text" rows={3} maxLength={maxLength} required={isRequired} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="form-actions">
          <button type="submit" class="primary" disabled={working.value}>
            {title}
          </button>
          <button type="button" onClick={cancel}>
            {words.value.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
