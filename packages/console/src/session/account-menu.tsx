import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Me } from '../api/answers.ts';
import { words } from '../language/language.ts';
import { Choices } from './choices.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { signOut } from './session.ts';

/** Who is signed in, and what they may choose for themselves. */
export function AccountMenu({ me }: { me: Me }): JSX.Element {
  const t = words.value.account;
  const menu = useRef<HTMLDetailsElement>(null);
  const changing = useSignal(false);
  const close = (): void => menu.current?.removeAttribute('open');

  return (
    <>
      <details
        class="menu"
        ref={menu}
        onKeyDown={(event) => event.key === 'Escape' && close()}
        onFocusOut={(event) => {
          if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget))
            close();
        }}
      >
        <summary aria-label={`${t.menu}: ${me.user}`}>
          <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
            <circle cx="8" cy="5.2" r="2.7" />
            <path d="M2.8 14c.4-3 2.4-4.6 5.2-4.6s4.8 1.6 5.2 4.6" />
          </svg>
          <span class="wide-only">{me.user}</span>
        </summary>
        <div class="menu-panel sheet">
          <p class="menu-who">
            <strong>{me.user}</strong> <span>{t.roles[me.role]}</span>
          </p>
          <Choices />
          <div class="menu-actions">
            <button
              type="button"
              onClick={() => {
                close();
                changing.value = true;
              }}
            >
              {t.setPassword}
            </button>
            <button type="button" onClick={signOut}>
              {t.signOut}
            </button>
          </div>
        </div>
      </details>
      {changing.value && <PasswordDialog me={me} done={() => (changing.value = false)} />}
    </>
  );
}
