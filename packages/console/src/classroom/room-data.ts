import { signal } from '@preact/signals';
import type { Catalogue, Ledger, Sample } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { watch } from '../api/live.ts';
import { hubTime } from '../format/clock.ts';
import { fleet, heardAt, loadFleet, updateAgents } from '../overview/fleet.ts';
import { mergeLatest } from './plan.ts';

/** What is known of the agent on show besides its series. */
export const latest = signal<readonly Sample[] | undefined>(undefined);
export const ledger = signal<Ledger | undefined>(undefined);
/** It is the same for all agents: fetched once. */
export const catalogue = signal<Catalogue | undefined>(undefined);

const ledgerEveryMs = 60_000;

export type AgentListener = Readonly<{
  samples: (samples: readonly Sample[]) => void;
  resumed: () => void;
  failed: (error: unknown) => void;
}>;

/** Loads what is known of an agent and keeps it current. @returns how to stop */
export function followAgent(agent: string, listener: AgentListener): () => void {
  let stopped = false;
  latest.value = undefined;
  ledger.value = undefined;

  const load = async (): Promise<void> => {
    try {
      const [samples, definitions] = await Promise.all([
        get<readonly Sample[]>(`agents/${agent}/latest`),
        catalogue.value ?? loadCatalogue(),
      ]);
      if (stopped) return;
      catalogue.value = definitions;
      latest.value = mergeLatest(latest.value ?? [], samples);
    } catch (error) {
      if (!stopped) listener.failed(error);
    }
  };
  const loadLedger = async (): Promise<void> => {
    if (document.hidden) return;
    try {
      const answer = await get<Ledger>(`ledger/${agent}`);
      heardAt.value = hubTime();
      if (!stopped) ledger.value = answer;
    } catch (error) {
      if (!stopped) listener.failed(error);
    }
  };

  const close = watch([agent], {
    agent: (present) => {
      heardAt.value = hubTime();
      updateAgents([present]);
    },
    samples: (id, samples) => {
      heardAt.value = hubTime();
      if (id !== agent) return;
      noteSamples(agent, samples);
      latest.value = mergeLatest(latest.value ?? [], samples);
      listener.samples(samples);
    },
    resumed: () => {
      void load();
      void loadLedger();
      void loadFleet(false);
      listener.resumed();
    },
  });
  void load();
  void loadLedger();
  const timer = setInterval(loadLedger, ledgerEveryMs);
  return () => {
    stopped = true;
    clearInterval(timer);
    close();
  };
}

/** The hub tells of an agent when its state changes; that it was heard and what it measured, its samples say. */
function noteSamples(agent: string, samples: readonly Sample[]): void {
  const known = fleet.value?.agents.find(({ id }) => id === agent);
  if (known === undefined) return;
  const links = known.links.map((present) => {
    const times = samples.filter(({ tags }) => tags.link === present.link).map(({ time }) => time);
    if (times.length === 0) return present;
    return { ...present, measuredAt: Math.max(present.measuredAt ?? 0, ...times) };
  });
  updateAgents([{ ...known, lastSeen: hubTime(), links }]);
}

function loadCatalogue(): Promise<Catalogue> {
  return get<Catalogue>('catalogue');
}
