import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api/client.ts';
import { watch } from '../api/live.ts';

/** What was answered last, and what went wrong since; neither until the first answer. */
export type LiveAnswer<Answer> = Readonly<{ answer?: Answer; error?: unknown }>;

const refreshMs = 30_000;

/**
 * Asks the hub and keeps asking: when an incident changes, and every half minute while somebody looks at the page.
 * @param key changes where something else is asked
 */
export function useLiveAnswer<Answer>(
  key: string,
  path: string,
  query: () => Readonly<Record<string, string>> = () => ({}),
): Signal<LiveAnswer<Answer>> {
  const state = useSignal<LiveAnswer<Answer>>({});
  useEffect(() => {
    const aborter = new AbortController();
    state.value = {};
    const load = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const answer = await get<Answer>(path, query(), aborter.signal);
        state.value = { answer };
      } catch (error) {
        if (!aborter.signal.aborted) state.value = { ...state.value, error };
      }
    };
    const stop = watch([], {
      agent: () => {},
      samples: () => {},
      incident: () => void load(),
      resumed: () => void load(),
    });
    const refresh = setInterval(load, refreshMs);
    void load();
    return () => {
      aborter.abort();
      clearInterval(refresh);
      stop();
    };
  }, [key]);
  return state;
}
