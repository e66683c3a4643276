import type { Finding, Incident } from '@tongtang/model/incident';
import { AgentEvidence, type AgentState, type EvidenceSample, type Word } from './agent-evidence.ts';
import { carriedOver } from './carried.ts';
import { gather } from './group.ts';
import { type HandMark, marked, reconcile } from './incident-list.ts';
import { judge } from './judge.ts';
import { exclusionsOf, isExcluded, type MaintenanceWindow } from './maintenance-window.ts';
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
  /** Before it all is settled: what began then and goes on is carried on by the incident that it is of. */
  #cut: number;
  readonly #late = new Map<string, number>();
  /** Agents whose past is gone through again at present. */
  readonly #replaying = new Set<string>();

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
    if (evidence !== undefined) this.#replaying.add(agent);
    return evidence && new Replay(agent, evidence, from, this.#overridesOf(agent));
  }

  /**
   * Puts what was gone through in place of what was known of these agents. A replay has taken by then all that the store has since
   * its start, and what the fold took since it began.
   */
  correct(replays: readonly Replay[]): void {
    if (replays.length === 0) return;
    const start = Math.min(...replays.map((replay) => replay.start));
    for (const { agent, evidence } of replays) {
      const before = this.#evidence.get(agent);
      if (before !== undefined) evidence.hearAll(before);
      this.#evidence.set(agent, evidence);
      this.#replaying.delete(agent);
    }
    const since = start - limits.settledS;
    const lasting = symptomsOf(this.#known(start), since).filter(({ from }) => from >= since);
    this.#cut = Math.min(this.#cut, Math.max(quietBefore(lasting, start), since));
  }

  /** The past of an agent cannot be gone through again: what is known of it stays. */
  leave(agent: string): void {
    this.#replaying.delete(agent);
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
    const cut = this.#cut;
    const symptoms = symptomsOf(known, cut);
    const first = symptoms.reduce((earliest, { from }) => Math.min(earliest, from), now);
    const exclusions = exclusionsOf(this.#windows, this.#topology.timezone, Math.max(first, cut), now + 1);
    const carried = carriedOver(
      this.#incidents,
      symptoms,
      known,
      cut,
      (agent) => this.#late.has(agent) || this.#replaying.has(agent),
    );
    const members = new Set(carried.flatMap(({ group }) => group.members));
    // What began before the cut and is no part of an incident was none then, unless work was announced that may be over.
    const open = symptoms.filter(
      (one) => !members.has(one) && (one.from >= cut || isExcluded(exclusions, one.agent.school, cut)),
    );
    const begun = carried.map(({ group }) => group);
    const goesOn = new Map<Finding, Incident>();
    const findings = gather(open, known, exclusions, cut, begun).map((group, index): Finding => {
      const finding = judge(group, known, carried[index]?.verdict);
      const incident = carried[index]?.incident;
      if (incident !== undefined) goesOn.set(finding, incident);
      return finding;
    });
    const { incidents, changed, missed } = reconcile(
      this.#incidents,
      findings,
      cut - limits.reopenS,
      now,
      this.#missed,
      goesOn,
    );
    this.#incidents = incidents;
    this.#missed = missed;
    this.#settleBefore(symptoms, now);
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

  /** Moves the cut on: to a quiet time, or to before all that may yet be told of. */
  #settleBefore(symptoms: readonly Symptom[], now: number): void {
    const recent = symptoms.filter(({ from }) => from >= this.#cut);
    const settled = now - limits.settledS;
    const unsettled = recent.filter(({ firedAt }) => firedAt > settled);
    const bound = unsettled.reduce((earliest, { from }) => Math.min(earliest, from - 1), settled);
    // What is found no more may be found again, or is about to be withdrawn: it has to stay in sight.
    const missed = this.#incidents.filter(({ id }) => this.#missed.has(id));
    const seen = missed.reduce((earliest, { from }) => Math.min(earliest, from - 1), now);
    const cut = Math.max(bound, quietBefore(recent, now - 2 * limits.keptS));
    this.#cut = Math.max(this.#cut, Math.min(cut, seen));
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

/** The latest time before a given one at which none of these symptoms lasted, nor could be the same as a later one. */
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
