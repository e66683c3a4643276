import { signal } from '@preact/signals';
import type { AgentPresent, Sample } from './answers.ts';

export type LiveListener = Readonly<{
  agent: (agent: AgentPresent) => void;
  samples: (agent: string, samples: readonly Sample[]) => void;
  /** An incident began or changed. */
  incident?: () => void;
  /** Connected again after a pause: what happened meanwhile must be fetched. */
  resumed: () => void;
}>;

/** Whether the page on show waits to be connected again. */
export const connectionLost = signal(false);

const retryS = { first: 2, most: 30 } as const;

/**
 * Listens to what happens now, and keeps doing so: tries again with growing pauses, and rests while nobody looks at the
 * page, to spare the link.
 * @param agents whose samples are wanted; absent: every agent's
 * @returns how to stop
 */
export function watch(agents: readonly string[] | undefined, listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let pauseS: number = retryS.first;
  let interrupted = false;

  const open = (): void => {
    clearTimeout(retry);
    source?.close();
    const query = agents === undefined ? '' : `?agents=${agents.map(encodeURIComponent).join(',')}`;
    source = new EventSource(`/api/v1/live${query}`);
    source.onopen = () => {
      connectionLost.value = false;
      pauseS = retryS.first;
      if (interrupted) listener.resumed();
      interrupted = false;
    };
    source.onerror = () => {
      source?.close();
      connectionLost.value = true;
      interrupted = true;
      retry = setTimeout(open, pauseS * 1000);
      pauseS = Math.min(pauseS * 2, retryS.most);
    };
    source.addEventListener('agent', (event) => listener.agent(JSON.parse(event.data).agent));
    source.addEventListener('incident', () => listener.incident?.());
    source.addEventListener('samples', (event) => {
      const { agent, samples } = JSON.parse(event.data);
      listener.samples(agent, samples);
    });
  };
  const close = (): void => {
    clearTimeout(retry);
    source?.close();
  };
  const followVisibility = (): void => {
    if (document.hidden) {
      interrupted = true;
      close();
    } else open();
  };

  document.addEventListener('visibilitychange', followVisibility);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    close();
    connectionLost.value = false;
  };
}
