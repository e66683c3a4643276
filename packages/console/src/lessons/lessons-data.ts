import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { County, Lessons, Outcomes, Places } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { learnHubTime } from '../format/clock.ts';
import { withOutcomes } from './board.ts';

const refreshMs = 30_000;

export type LessonsState = Readonly<{
  /** In the order of the hub; absent until they are known. */
  counties?: readonly County[];
  /** The newest answer; of another county or day than asked for until that is there. */
  answer?: Lessons;
  /** Why the last question failed; absent when it did not. */
  error?: unknown;
}>;

/**
 * The lessons of a county and day, fetched anew every half minute while somebody looks.
 * @param county the first where undefined
 * @param date today where undefined
 */
export function useLessons(
  county: string | undefined,
  date: string | undefined,
): ReadonlySignal<LessonsState> {
  const state = useSignal<LessonsState>({});
  useEffect(() => {
    const aborter = new AbortController();
    const { signal } = aborter;
    const load = async (): Promise<void> => {
      try {
        const counties = state.value.counties ?? (await get<Places>('places', {}, signal)).counties;
        const asked = county ?? counties[0]?.id;
        if (asked === undefined) {
          state.value = { counties };
          return;
        }
        const answer = await get<Lessons>('lessons', { county: asked, date }, signal);
        learnHubTime(answer.time);
        const isAhead = answer.lessons.every(({ end }) => end > answer.time);
        const { outcomes } = isAhead
          ? { outcomes: [] }
          : await get<Outcomes>('lessons/outcomes', { county: asked, date: answer.date }, signal);
        state.value = { counties, answer: { ...answer, lessons: withOutcomes(answer.lessons, outcomes) } };
      } catch (error) {
        if (!signal.aborted) state.value = { ...state.value, error };
      }
    };
    const look = (): void => {
      if (!document.hidden) void load();
    };
    const timer = setInterval(look, refreshMs);
    document.addEventListener('visibilitychange', look);
    void load();
    return () => {
      aborter.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [county, date, state]);
  return state;
}
