import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SunOutages } from '../api/answers.ts';
import { get } from '../api/client.ts';

export type SunOutageState =
  | Readonly<{ state: 'loading' }>
  | Readonly<{ state: 'failed'; error: unknown }>
  | Readonly<{ state: 'ready'; answer: SunOutages }>;

/** The sun outages of a school, fetched once: they change once in half a year. */
export function useSunOutages(county: string, school: string): ReadonlySignal<SunOutageState> {
  const now = useSignal<SunOutageState>({ state: 'loading' });
  useEffect(() => {
    const aborter = new AbortController();
    now.value = { state: 'loading' };
    get<SunOutages>(`schools/${county}/${school}/sun-outages`, {}, aborter.signal).then(
      (answer) => (now.value = { state: 'ready', answer }),
      (error: unknown) => {
        if (!aborter.signal.aborted) now.value = { state: 'failed', error };
      },
    );
    return () => aborter.abort();
  }, [county, school, now]);
  return now;
}
