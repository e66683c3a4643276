import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { County, Places } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { problemText } from '../api/problem.ts';

/** Kept while other pages are open. Not that of the overview: the bureau may not ask how machines are. */
const counties = signal<readonly County[] | undefined>(undefined);
const problem = signal('');

/** The places that reports can be about. */
export function useCounties(): Readonly<{ counties: readonly County[] | undefined; problem: string }> {
  useEffect(() => {
    get<Places>('places').then(
      (places) => {
        counties.value = places.counties;
        problem.value = '';
      },
      (error: unknown) => {
        problem.value = problemText(error);
      },
    );
  }, []);
  return { counties: counties.value, problem: problem.value };
}
