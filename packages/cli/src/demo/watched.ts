import { incidentsIn } from '@tongtang/hub/incidents/incidents-file';
import type { Word } from '@tongtang/incidents/agent-evidence';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import type { Demo } from './demo-folder.ts';

/** For so long before it is shown, a county is measured as agents do it, and the hub looks for incidents in it. Seconds. */
export const watchedS = 26 * 3600;
/** How often it is looked whether a machine was switched off. Seconds. */
const stepS = 20;

/**
 * Has the hub begin its search for incidents with what was watched, where it has not begun yet; and tells it what machines said when
 * they were switched off, which no measurement says.
 * @param dataFolder of a hub that does not run
 */
export function beginWatch(dataFolder: string, { county, enrolled }: Demo, nowS: number): void {
  const store = openIncidentStore(incidentsIn(dataFolder), createLog('error'));
  try {
    const { id } = county.inventory.county;
    if (store.progress(id) !== undefined) return;
    const from = nowS - watchedS;
    const words = county.machines.flatMap((machine) => {
      const agent = enrolled.get(machine.name)?.address.agent;
      return agent === undefined
        ? []
        : wordsOf(county, machine, from, nowS).map((word) => [id, agent, word] as const);
    });
    store.hear(words);
    // Last: where it is, all is.
    store.keepProgress(id, { aways: [], cut: from, unsavedFrom: from });
  } finally {
    store.close();
  }
}

/** What a machine said when it went off or to sleep. */
function wordsOf(county: SimulatedCounty, machine: Machine, from: number, to: number): Word[] {
  const words: Word[] = [];
  let spoke = false;
  for (let time = from; time < to; time += stepS) {
    const speaks = county.speaks(machine, time);
    const { state } = county.power(machine, time);
    if (spoke && !speaks && state !== 'on')
      words.push({ time, state: state === 'off' ? 'stopping' : 'asleep' });
    spoke = speaks;
  }
  return words;
}
