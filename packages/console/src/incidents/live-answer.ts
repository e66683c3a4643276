import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type AskedAnswer, useAnswer } from '../api/asked-answer.ts';
import { watch } from '../api/live.ts';

/**
 * Asks the hub and keeps asking: when an incident changes, and every half minute while somebody looks at the page.
 * @param key changes where something else is asked
 */
export function useLiveAnswer<Answer>(
  key: string,
  path: string,
  query?: () => Readonly<Record<string, string>>,
): Signal<AskedAnswer<Answer>> {
  const { state, again } = useAnswer<Answer>(key, path, query);
  useEffect(() => watch([], { agent: () => {}, samples: () => {}, incident: again, resumed: again }), [key]);
  return state;
}
