import type { Finding, Incident } from '@tongtang/model/incident';
import { AgentEvidence, type AgentState, type EvidenceSample, type Word } from './agent-evidence.ts';
import { gather } from './group.ts';
import { type HandMark, marked, reconcile } from './incident-list.ts';
import { judge } from './judge.ts';
import { exclusionsOf, type MaintenanceWindow } from './maintenance-window.ts';
import { Replay } from './replay.ts';
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
  /** Since when which of them are found no more. */
  #missed: ReadonlyMap<string, number> = new Map();
  #windows: readonly MaintenanceWindow[] = [];
  /** Before it all is settled: nothing lasted then. */
  #cut: number;
  readonly #late = new Map<string, number>();

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

  /** Of which agents samples came too late for what is kept of them: the measurement time of the earliest. */
  get late(): ReadonlyMap<string, number> {
    return this.#late;
  }

  /** What is told of before it may be over, and what is older is. Hub time in seconds. */
  get settledBefore(): number {
    return this.#cut;
  }

  /** The inventory, the timetable or the agents are other than before. */
  settle(topology: Topology): void {
    const before = new Map(this.#topology.schools.map(({ id, thresholds }) => [id, thresholds]));
    this.#topology = topology;
    this.#timing = new Timing(topology);
    this.#schools = schoolsOf(topology);
    // Nobody can repair what is not there any more.
    for (const id of this.#evidence.keys()) if (!this.#schools.has(id)) this.#evidence.delete(id);
    // Other thresholds count from now on: what they were when it was concluded stays.
    const own = new Map(topology.schools.map(({ id, thresholds }) => [id, thresholds]));
    const other = new Set(
      [...own.keys()].filter((id) => JSON.stringify(own.get(id)) !== JSON.stringify(before.get(id))),
    );
    for (const [id, evidence] of this.#evidence) {
      const school = this.#schools.get(id) ?? '';
      if (other.has(school)) this.#evidence.set(id, evidence.under(own.get(school)));
    }
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
    // Of what is settled no conclusion is drawn again, unless it is gone through again.
    for (const sample of samples)
      if (!evidence.take(sample, arrivedAt) || sample.time < this.#cut)
        this.#late.set(agent, Math.min(this.#late.get(agent) ?? sample.time, sample.time));
  }

  /** An agent said how it is. */
  hear(agent: string, word: Word): void {
    this.#of(agent)?.hear(word);
  }

  /**
   * Begins to go through the past of an agent again, beside the fold, which goes on meanwhile.
   * @param from measurement time of the earliest sample that it is for
   * @returns undefined where the agent is not known
   */
  replay(agent: string, from: number): Replay | undefined {
    this.#late.delete(agent);
    const evidence = this.#of(agent);
    return evidence && new Replay(agent, evidence, from, this.#overridesOf(agent));
  }

  /**
   * Puts what was gone through in place of what was known of these agents. A replay has taken by then all that the store has since
   * its start, and what the fold took since it began.
   */
  correct(replays: readonly Replay[]): void {
    const start = Math.min(...replays.map((replay) => replay.start));
    for (const { agent, evidence } of replays) {
      const before = this.#evidence.get(agent);
      if (before !== undefined) evidence.hearAll(before);
      this.#evidence.set(agent, evidence);
    }
    const lasting = symptomsOf(this.#known(start), Number.NEGATIVE_INFINITY);
    this.#cut = Math.min(this.#cut, quietBefore(lasting, start));
  }

  /** Forgets what was over before a time. */
  forget(before: number): void {
    for (const evidence of this.#evidence.values()) evidence.forget(before);
    this.#incidents = this.#incidents.filter(({ to }) => to === undefined || to >= before);
    const aways = this.#aways.filter(({ to }) => to >= before);
    this.#aways.splice(0, this.#aways.length, ...aways);
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
    const { incidents, changed, missed } = reconcile(this.#incidents, findings, this.#cut, now, this.#missed);
    this.#incidents = incidents;
    this.#missed = missed;
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
    return { agents: [...this.#evidence].map(([id, evidence]) => [id, evidence.state()]), ...this.frame() };
  }

  /** Gives an agent back what was kept of it. */
  restore(agent: string, state: AgentState): void {
    if (this.#schools.has(agent))
      this.#evidence.set(agent, new AgentEvidence(this.#overridesOf(agent), state));
  }

  /** What is kept of one agent, for whoever keeps them one by one. */
  stateOf(agent: string): AgentState | undefined {
    return this.#evidence.get(agent)?.state();
  }

  /** The state without its agents. */
  frame(): Omit<FoldState, 'agents'> {
    return {
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
