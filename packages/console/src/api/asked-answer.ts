import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { get } from './client.ts';

/** What was answered last, and what went wrong since; neither until the first answer. */
export type AskedAnswer<Answer> = Readonly<{ answer?: Answer; error?: unknown }>;

export type Asking<Answer> = Readonly<{ state: Signal<AskedAnswer<Answer>>; again: () => void }>;

const usualPauseMs = 30_000;

/**
 * Asks the hub and keeps asking while somebody looks at the page.
 * @param key changes where something else is asked
 * @param pauseMs from one question to the next
 */
export function useAnswer<Answer>(
  key: string,
  path: string,
  query: () => Readonly<Record<string, string | number | undefined>> = () => ({}),
  pauseMs: (answer: Answer | undefined) => number = () => usualPauseMs,
): Asking<Answer> {
  const state = useSignal<AskedAnswer<Answer>>({});
  const ask = useRef<() => void>(() => {});
  useEffect(() => {
    const aborter = new AbortController();
    let pause: ReturnType<typeof setTimeout> | undefined;
    state.value = {};
    const load = async (): Promise<void> => {
      clearTimeout(pause);
      if (!document.hidden) {
        try {
          const answer = await get<Answer>(path, query(), aborter.signal);
          state.value = { answer };
        } catch (error) {
          if (!aborter.signal.aborted) state.value = { ...state.value, error };
        }
      }
      clearTimeout(pause);
      if (!aborter.signal.aborted) pause = setTimeout(load, pauseMs(state.value.answer));
    };
    ask.current = () => void load();
    void load();
    return () => {
      aborter.abort();
      clearTimeout(pause);
    };
  }, [key]);
  return { state, again: () => ask.current() };
}
