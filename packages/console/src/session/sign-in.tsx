import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { ApiError } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { Mark } from '../design/mark.tsx';
import { words } from '../language/language.ts';
import { Choices } from './choices.tsx';
import { signIn } from './session.ts';

/** The page for whoever is not signed in. */
export function SignIn({ notice }: { notice?: 'signedOut' | 'linkUsed' | undefined }): JSX.Element {
  const t = words.value;
  const problem = useSignal(notice === 'linkUsed' ? t.signIn.linkUsed : '');
  const working = useSignal(false);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    working.value = true;
    try {
      await signIn(String(form.get('user')), String(form.get('password')));
    } catch (error) {
      problem.value = signInProblem(error);
    }
    working.value = false;
  };

  return (
    <main class="gate">
      <div class="gate-name">
        <Mark />
        <h1>
          同堂{' '}
          <span class="gate-latin" lang="en">
            Tongtang
          </span>
        </h1>
        <p>{t.motto}</p>
      </div>
      <form class="sheet form" onSubmit={submit} aria-label={t.signIn.title}>
        {notice === 'signedOut' && problem.value === '' && <p class="note">{t.signIn.signedOut}</p>}
        <label>
          {t.signIn.user}
          <input name="user" autocomplete="username" autocapitalize="none" spellcheck={false} required />
        </label>
        <label>
          {t.signIn.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={working.value}>
          {working.value ? t.signIn.working : t.signIn.submit}
        </button>
        <p class="hint">{t.signIn.hint}</p>
      </form>
      <Choices />
    </main>
  );
}

function signInProblem(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) return words.value.signIn.wrong;
  if (error instanceof ApiError && error.status === 429) return words.value.signIn.tooMany;
  return problemText(error);
}
