import type { EvidenceSample } from '../agent-evidence.ts';
import { IncidentFold } from '../fold.ts';
import type { MaintenanceWindow } from '../maintenance-window.ts';
import type { Topology } from '../topology.ts';
import { countyOf, monday } from './county.ts';
import { replay } from './play.ts';

/** `off`: without a word. `cut`: it measures, and brings all of it when it is back. `dish`: its receiver does not answer. */
export type Spell = Readonly<{ agent: string; what: 'off' | 'cut' | 'dish'; from: number; to: number }>;

const everyS = 30;
const replayEveryS = 600;
const daysOfLessons = 40;

/** A county of three schools with lessons each day, whose agents measure each half minute and little: so months of it can be played. */
export const sparseCounty: Topology = (() => {
  const county = countyOf([2, 1, 1]);
  const ofMonday = (county.lessons ?? []).filter(({ start }) => start < monday + 86_400);
  const lessons = Array.from({ length: daysOfLessons }, (_, day) =>
    ofMonday.map(({ school, start, end }) => ({
      school,
      start: start + day * 86_400,
      end: end + day * 86_400,
    })),
  ).flat();
  return { ...county, lessons, closeReportS: everyS };
})();

/** Lets a hub live through days of spells: it looks every so often, replays what came late, and forgets what is a month old. */
export class SparseDays {
  readonly fold: IncidentFold;
  /** Everything that looks said was other than before. */
  readonly changes: { id: string; time: number }[] = [];
  readonly stored: { agent: string; sample: EvidenceSample }[] = [];
  readonly #spells: readonly Spell[];
  readonly #pending = new Map<string, EvidenceSample[]>();
  #now = monday + 6 * 3600;

  constructor(spells: readonly Spell[], windows: readonly MaintenanceWindow[] = []) {
    this.#spells = spells;
    this.fold = new IncidentFold(sparseCounty);
    this.fold.plan(windows);
  }

  until(end: number, lookEveryS = 600): void {
    for (; this.#now <= end; this.#now += everyS) {
      for (const agent of sparseCounty.agents) this.#report(agent.id, agent.kind === 'receiver');
      if ((this.#now - monday) % lookEveryS === 0) this.#look();
    }
    this.#look();
  }

  #look(): void {
    const { fold, stored } = this;
    if (fold.late.size > 0 && (this.#now - monday) % replayEveryS === 0) replay(fold, fold.late, stored);
    if ((this.#now - monday) % 86_400 < everyS) fold.forget(this.#now - 31 * 86_400);
    for (const { id } of fold.look(this.#now)) this.changes.push({ id, time: this.#now });
  }

  #report(agent: string, hasDish: boolean): void {
    const time = this.#now;
    const is = (what: Spell['what']): boolean =>
      this.#spells.some(
        (one) => one.agent === agent && one.what === what && time >= one.from && time < one.to,
      );
    if (is('off')) return;
    const isCut = is('cut');
    const stamp = isCut ? { ok: false, failure: 'path' } : { ok: true, sent: 10, received: 10, rtt_ms: 30 };
    const waiting = this.#pending.get(agent) ?? [];
    waiting.push({ measurement: 'stamp', tags: { link: 'broadband', target: 'hub' }, time, fields: stamp });
    if (hasDish) {
      const fields = is('dish') ? { ok: false, failure: 'path' } : { ok: true, locked: true };
      waiting.push({ measurement: 'signal', tags: { link: 'satellite', target: 'dish' }, time, fields });
    }
    this.#pending.set(agent, isCut ? waiting : []);
    if (isCut) return;
    // The newest first.
    for (const samples of [waiting.slice(-2), waiting.slice(0, -2)]) {
      this.fold.take(agent, samples, time);
      for (const sample of samples) this.stored.push({ agent, sample });
    }
  }
}
