import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Series, Tags } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { rfc3339 } from '../classroom/tables.ts';
import { hubTime } from '../format/clock.ts';
import { bucketOfChange, changeIn, firstIn, type Lock } from './lock-history.ts';

export type Since = Readonly<{
  time: number;
  /** It was like that in the oldest reading already. */
  orEarlier: boolean;
}>;

const backS = 30 * 86_400;
const coarseS = 3600;

/** Since when a receiver is as it is; undefined while that is not known. Looked up again when its state changes. */
export function useSince(
  agent: string,
  tags: Tags,
  now: Lock | undefined,
): ReadonlySignal<Since | undefined> {
  const since = useSignal<Since | undefined>(undefined);
  const { link, target } = tags;
  useEffect(() => {
    since.value = undefined;
    if (now === undefined) return;
    const aborter = new AbortController();
    const ask = (field: 'locked' | 'ok', query: Readonly<Record<string, string | number>>): Promise<Series> =>
      get<Series>('series', { measurement: 'signal', field, agent, link, target, ...query }, aborter.signal);
    loadSince(ask, now).then(
      (found) => (since.value = found),
      // The moment is a nicety: what is wrong with the hub, the charts of the page say.
      () => {},
    );
    return () => aborter.abort();
  }, [agent, link, target, now, since]);
  return since;
}

type Ask = (field: 'locked' | 'ok', query: Readonly<Record<string, string | number>>) => Promise<Series>;

/** Two looks: a coarse one for the hour of the change, a fine one for the reading. */
async function loadSince(ask: Ask, now: Lock): Promise<Since | undefined> {
  const time = hubTime();
  const from = Math.floor((time - backS) / coarseS) * coarseS;
  const span = { from: rfc3339(from), to: rfc3339(time + 60), every: coarseS };
  const [lowest, highest, ok] = await Promise.all([
    ask('locked', { ...span, agg: 'min' }),
    ask('locked', { ...span, agg: 'max' }),
    ask('ok', { ...span, agg: 'min' }),
  ]);
  const hour = bucketOfChange({ lowest, highest, ok }, now);
  if (hour === undefined) {
    const first = firstIn(now === 'unanswered' ? ok : lowest);
    return first === undefined ? undefined : { time: first, orEarlier: true };
  }
  const near = { from: rfc3339(hour), to: rfc3339(hour + 2 * coarseS), agg: 'last' };
  const [locked, succeeded] = await Promise.all([ask('locked', near), ask('ok', near)]);
  // Nothing after it for hours: then it is the end of that hour, as near as it can be known.
  return { time: changeIn(locked, succeeded, now) ?? hour + coarseS, orEarlier: false };
}
