import { signal } from '@preact/signals';
import type { About, Me } from '../api/answers.ts';
import { ApiError, get, onSignedOut, post } from '../api/client.ts';

export type Session =
  | Readonly<{ state: 'checking' }>
  | Readonly<{ state: 'out'; notice?: 'signedOut' | 'linkUsed' }>
  | Readonly<{ state: 'in'; me: Me; byLink: boolean }>
  | Readonly<{ state: 'unreachable' }>;

/** Whether what is shown was made up; known before anything is shown. */
export const simulated = signal(false);

/** Who sits here. */
export const session = signal<Session>({ state: 'checking' });

onSignedOut(() => {
  session.value = { state: 'out', notice: 'signedOut' };
});

/**
 * Finds out what hub this is, and who sits here: by the one-time link that the page was opened with, else by the browser's cookie. The token
 * stands in the fragment, which browsers send to nobody, and is removed from the address and the history at once.
 */
export async function openSession(): Promise<void> {
  const token = /^#sign-in=(.+)$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  session.value = { state: 'checking' };
  const [about, who] = await Promise.allSettled([get<About>('about'), whoSits(token)]);
  if (about.status === 'fulfilled') simulated.value = about.value.simulated;
  session.value =
    about.status === 'fulfilled' && who.status === 'fulfilled' ? who.value : { state: 'unreachable' };
}

async function whoSits(token: string | undefined): Promise<Session> {
  try {
    if (token !== undefined) await post('sign-in/link', { token: decodeURIComponent(token) });
    return { state: 'in', me: await get<Me>('me'), byLink: token !== undefined };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unreachable') return { state: 'unreachable' };
    return token === undefined ? { state: 'out' } : whoSitsWithoutLink();
  }
}

/** The link was no good; whoever is signed in already stays so. */
async function whoSitsWithoutLink(): Promise<Session> {
  try {
    return { state: 'in', me: await get<Me>('me'), byLink: false };
  } catch {
    return { state: 'out', notice: 'linkUsed' };
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
