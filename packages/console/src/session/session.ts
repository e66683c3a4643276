import { signal } from '@preact/signals';
import type { Me } from '../api/answers.ts';
import { ApiError, get, onSignedOut, post } from '../api/client.ts';

export type Session =
  | Readonly<{ state: 'checking' }>
  | Readonly<{ state: 'out'; notice?: 'signedOut' | 'linkUsed' }>
  | Readonly<{ state: 'in'; me: Me; byLink: boolean }>
  | Readonly<{ state: 'unreachable' }>;

/** Who sits here. */
export const session = signal<Session>({ state: 'checking' });

onSignedOut(() => {
  session.value = { state: 'out', notice: 'signedOut' };
});

/**
 * Finds out who sits here: by the one-time link that the page was opened with, else by the browser's cookie. The token
 * stands in the fragment, which browsers send to nobody, and is removed from the address and the history at once.
 */
export async function openSession(): Promise<void> {
  const token = /^#sign-in=(.+)$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  session.value = { state: 'checking' };
  try {
    if (token !== undefined) await post('sign-in/link', { token: decodeURIComponent(token) });
    session.value = { state: 'in', me: await get<Me>('me'), byLink: token !== undefined };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unreachable')
      session.value = { state: 'unreachable' };
    else if (token === undefined) session.value = { state: 'out' };
    else await openWithoutLink();
  }
}

/** The link was no good; whoever is signed in already stays so. */
async function openWithoutLink(): Promise<void> {
  try {
    session.value = { state: 'in', me: await get<Me>('me'), byLink: false };
  } catch {
    session.value = { state: 'out', notice: 'linkUsed' };
  }
}

/** @throws ApiError */
export async function signIn(user: string, password: string): Promise<void> {
  await post('sign-in', { user, password });
  session.value = { state: 'in', me: await get<Me>('me'), byLink: false };
}

/** Ends the session here even where the hub cannot be told: its cookie then runs out by itself. */
export async function signOut(): Promise<void> {
  try {
    await post('sign-out');
  } finally {
    session.value = { state: 'out', notice: 'signedOut' };
  }
}
