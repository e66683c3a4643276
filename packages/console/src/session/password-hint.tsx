import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Me } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { keepPreference, readPreference } from './preference.ts';

/** Reminds who came by a one-time link that a password would be handy; once dismissed it stays away. */
export function PasswordHint({ me }: { me: Me }): JSX.Element | null {
  const t = words.value;
  const open = useSignal(readPreference('password-hint') !== 'dismissed');
  const setting = useSignal(false);
  if (!open.value) return null;
  const dismiss = (): void => {
    keepPreference('password-hint', 'dismissed');
    open.value = false;
  };
  return (
    <aside class="ribbon">
      <p>{t.account.noPassword}</p>
      <button type="button" onClick={() => (setting.value = true)}>
        {t.account.setPassword}
      </button>
      <button type="button" class="quiet" onClick={dismiss}>
        {t.dismiss}
      </button>
      {setting.value && <PasswordDialog me={me} done={dismiss} />}
    </aside>
  );
}
