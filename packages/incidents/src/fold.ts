import type { Finding, Incident } from '@tongtang/model/incident';
import { AgentEvidence, type AgentState, type EvidenceSample, type Word } from './agent-evidence.ts';
import { gather } from './group.ts';
import { type HandMark, marked, reconcile } from './incident-list.ts';
import { judge } from './judge.ts';
import { exclusionsOf, type MaintenanceWindow } from './maintenance-window.ts';
import { type Known, type Symptom, symptomsOf } from './symptom.ts';
import { limits } from './thresholds.ts';
import { Timing } from './timing.ts';
import type { Topology } from './topology.ts';

/** All that a fold must be given to go on where it was. */
export type FoldState = Readonly<{
  agents: readonly (readonly [id: string, state: AgentState])[];
  incidents: readonly Incident[];
  aways: readonly Readonly<{ from: number; to: number }>[];
  cut: number;
}>;

/**
 * The incidents of one county, from samples in measurement time: in whatever order they come, late and twice, the findings are
 * the same. Whoever owns it tells it the time, keeps its state, and reads from the store what it needs again for data that
 * come later than it remembers.
 */
export class IncidentFold {
  #topology: Topology;
  #timing: Timing;
  #schools: ReadonlyMap<string, string>;
  readonly #evidence = new Map<string, AgentEvidence>();
  readonly #aways: { from: number; to: number }[];
  #incidents: Incident[];
  #windows: readonly MaintenanceWindow[] = [];
  /** Before it all is settled: nothing lasted then. */
  #cut: number;
  #lateFrom: number | undefined;
  #replaying = false;

  constructor(topology: Topology, state?: FoldState) {
    this.#topology = topology;
    this.#timing = new Timing(topology);
    this.#schools = schoolsOf(topology);
    this.#incidents = [...(state?.incidents ?? [])];
    this.#aways = (state?.aways ?? []).map((away) => ({ ...away }));
    this.#cut = state?.cut ?? Number.NEGATIVE_INFINITY;
    for (const [id, own] of state?.agents ?? [])
      this.#evidence.set(id, new AgentEvidence(this.#overridesOf(id), own));
  }

  /** All incidents that it knows, the newest first. */
  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /** The measurement time of the earliest sample that came too late for what is kept; undefined where none did. */
  get lateFrom(): number | undefined {
    return this.#lateFrom;
  }

  /** The inventory, the timetable or the agents are other than before. */
  settle(topology: Topology): void {
    this.#topology = topology;
    this.#timing = new Timing(topology);
    this.#schools = schoolsOf(topology);
  }

  plan(windows: readonly MaintenanceWindow[]): void {
    this.#windows = windows;
  }

  /** The hub did not run in this time. */
  away(from: number, to: number): void {
    this.#aways.push({ from, to });
  }

  /**
   * Takes samples of an agent; those of agents that the topology does not know are passed over.
   * @param arrivedAt hub time in seconds, where they came from the agent just now
   */
  take(agent: string, samples: readonly EvidenceSample[], arrivedAt?: number): void {
    const evidence = this.#of(agent);
    if (evidence === undefined) return;
    for (const sample of samples)
      if (!evidence.take(sample, arrivedAt) && !this.#replaying)
        this.#lateFrom = Math.min(this.#lateFrom ?? sample.time, sample.time);
  }

  /** An agent said how it is. */
  hear(agent: string, word: Word): void {
    this.#of(agent)?.hear(word);
  }

  /**
   * Where a replay for data from this time on has to begin: nothing began or ended near it, so what was before does not
   * matter.
   */
  replayStart(from: number): number {
    let start = from - limits.quietS;
    const isQuiet = (): boolean =>
      [...this.#evidence.values()].every((evidence) => evidence.isQuietAt(start, limits.quietS));
    while (!isQuiet() && start > from - 40 * 86_400) start -= limits.quietS / 2;
    return start;
  }

  /**
   * Forgets what came after a time from {@link replayStart}, and takes all samples since then again, in order of time, in as many
   * parts as the store gives.
   */
  beginReplay(start: number): void {
    for (const evidence of this.#evidence.values()) evidence.rewind(start);
    this.#cut = Math.min(
      this.#cut,
      quietBefore(symptomsOf(this.#known(start), Number.NEGATIVE_INFINITY), start),
    );
    this.#lateFrom = undefined;
    this.#replaying = true;
  }

  endReplay(): void {
    this.#replaying = false;
  }

  /**
   * Draws the conclusions of a moment.
   * @param now hub time in seconds
   * @returns the incidents that are other than at the last look
   */
  look(now: number): Incident[] {
    const known = this.#known(now);
    const symptoms = symptomsOf(known, this.#cut);
    const exclusions = exclusionsOf(
      this.#windows,
      this.#topology.timezone,
      symptoms[0]?.from ?? now,
      now + 1,
    );
    const findings = gather(symptoms, known, exclusions).map((group): Finding => judge(group, known));
    const { incidents, changed } = reconcile(this.#incidents, findings, this.#cut, now);
    this.#incidents = incidents;
    this.#cut = Math.max(this.#cut, quietBefore(symptoms, now - 2 * limits.keptS));
    return changed;
  }

  /** Somebody does something to an incident. @returns it, or undefined where there is none */
  mark(id: string, mark: HandMark): Incident | undefined {
    const at = this.#incidents.findIndex((incident) => incident.id === id);
    const incident = this.#incidents[at];
    if (incident === undefined) return undefined;
    const after = marked(incident, mark);
    this.#incidents = this.#incidents.with(at, after);
    return after;
  }

  state(): FoldState {
    return {
      agents: [...this.#evidence].map(([id, evidence]) => [id, evidence.state()]),
      incidents: this.#incidents,
      aways: this.#aways.map((away) => ({ ...away })),
      cut: this.#cut,
    };
  }

  #of(agent: string): AgentEvidence | undefined {
    const known = this.#evidence.get(agent);
    if (known !== undefined) return known;
    if (!this.#schools.has(agent)) return undefined;
    const evidence = new AgentEvidence(this.#overridesOf(agent));
    this.#evidence.set(agent, evidence);
    return evidence;
  }

  #overridesOf(agent: string) {
    const school = this.#schools.get(agent);
    return this.#topology.schools.find(({ id }) => id === school)?.thresholds;
  }

  #known(now: number): Known {
    return {
      topology: this.#topology,
      timing: this.#timing,
      evidence: this.#evidence,
      aways: this.#aways,
      now,
    };
  }
}

function schoolsOf({ agents }: Topology): ReadonlyMap<string, string> {
  return new Map(agents.map(({ id, school }) => [id, school]));
}

/** The latest time before a given one at which no symptom lasted, nor could be the same as a later one. */
function quietBefore(symptoms: readonly Symptom[], time: number): number {
  let quiet = Number.NEGATIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of symptoms.toSorted((a, b) => a.from - b.from)) {
    if (from > time) break;
    if (from > until) quiet = from - 1;
    until = Math.max(until, (to ?? Number.POSITIVE_INFINITY) + limits.reopenS);
  }
  return until < time ? time : quiet;
}
