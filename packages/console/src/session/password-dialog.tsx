import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { Me } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Dialog } from '../design/dialog.tsx';
import { words } from '../language/language.ts';
import { keepPreference } from './preference.ts';

/** Sets one's own password. */
export function PasswordDialog({ me, done }: { me: Me; done: () => void }): JSX.Element {
  const t = words.value.account;
  const problem = useSignal('');
  const saved = useSignal(false);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const current = form.get('current');
    try {
      await post('me/password', {
        password: String(form.get('password')),
        ...(current !== null && { current: String(current) }),
      });
      keepPreference('password-hint', 'dismissed');
      saved.value = true;
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  return (
    <Dialog title={t.setPassword} done={done}>
      {saved.value ? (
        <>
          <p role="status">{t.passwordSaved}</p>
          <button type="button" class="primary" onClick={done}>
            {words.value.close}
          </button>
        </>
      ) : (
        <form class="form" onSubmit={submit}>
          {/* For password managers: whose password this is. */}
          <input type="hidden" name="user" autocomplete="username" value={me.user} />
          {me.hasPassword === true && (
            <label>
              {t.presentPassword}
              <input name="current" type="password" autocomplete="current-password" required />
            </label>
          )}
          <label>
            {t.newPassword}
            <input name="password" type="password" autocomplete="new-password" minLength={10} required />
          </label>
          <p class="hint">{t.passwordRule}</p>
          <p class="problem" role="alert">
            {problem}
          </p>
          <button type="submit" class="primary">
            {t.save}
          </button>
        </form>
      )}
    </Dialog>
  );
}
