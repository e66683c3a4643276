import type { Finding, Incident, IncidentEvent, IncidentState } from '@tongtang/model/incident';
import { limits } from './thresholds.ts';

/** What people do to an incident; `reopened` undoes a close by hand. Hub time in seconds. */
export type HandMark = Readonly<{
  what: 'acknowledged' | 'noted' | 'closed' | 'reopened';
  time: number;
  who: string;
  text?: string;
}>;

/** An incident after somebody did something to it. */
export function marked(incident: Incident, { what, time, who, text }: HandMark): Incident {
  const history = [...incident.history, { time, what, who, ...(text !== undefined && { text }) }];
  return { ...incident, state: stateAfter(incident, what), history };
}

function stateAfter({ state, to, history }: Incident, what: HandMark['what']): IncidentState {
  const isOver = state !== 'open' && state !== 'acknowledged';
  switch (what) {
    case 'noted':
      return state;
    case 'acknowledged':
      return isOver ? state : 'acknowledged';
    case 'closed':
      return 'closed';
    case 'reopened':
      if (state !== 'closed') return state;
      return to === undefined ? lastingState(history) : 'resolved';
  }
}

function lastingState(history: readonly IncidentEvent[]): 'open' | 'acknowledged' {
  return history.some(({ what }) => what === 'acknowledged') ? 'acknowledged' : 'open';
}

/**
 * Findings as incidents: those that were known keep their ids and what people did to them, others begin, what turned out to be a
 * part of another joins it, and what late data took away for good is withdrawn.
 * @param settledBefore incidents that were over before this time stay as they are
 * @param missed since when which incidents are found no more
 * @param carried of which findings it is known which incident goes on
 */
export function reconcile(
  before: readonly Incident[],
  findings: readonly Finding[],
  settledBefore: number,
  now: number,
  missed: ReadonlyMap<string, number>,
  carried: ReadonlyMap<Finding, Incident> = new Map(),
): { incidents: Incident[]; changed: Incident[]; missed: ReadonlyMap<string, number> } {
  const isSettled = ({ to, state }: Incident): boolean =>
    isGone(state) || (to ?? Number.POSITIVE_INFINITY) < settledBefore;
  const settled = before.filter(isSettled);
  const open = new Set(before.filter((incident) => !isSettled(incident)));
  const ids = new Set(before.map(({ id }) => id));
  const changed: Incident[] = [];
  const others = open.difference(new Set(carried.values()));
  const heirs = new Map([
    ...carried,
    ...heirsOf(
      others,
      findings.filter((finding) => !carried.has(finding)),
    ),
  ]);
  const current = findings.map((finding) => {
    const known = heirs.get(finding);
    if (known !== undefined) open.delete(known);
    const incident = known === undefined ? begun(finding, ids) : carriedOn(known, finding, now);
    if (incident !== known) changed.push(incident);
    return incident;
  });
  const missedNow = new Map<string, number>();
  const waiting: Incident[] = [];
  const kin = new Kinship(open.size === 0 ? [] : current);
  const gone = [...open].flatMap((incident): Incident[] => {
    const into = kin.of(incident)[0]?.one.id;
    const since = missed.get(incident.id) ?? now;
    if (into === undefined && now - since < limits.withdrawS) {
      missedNow.set(incident.id, since);
      waiting.push(incident);
      return [];
    }
    const state = into === undefined ? 'withdrawn' : 'joined';
    const event: IncidentEvent = { time: now, what: state, ...(into !== undefined && { into }) };
    return [{ ...incident, state, to: incident.to ?? now, history: [...incident.history, event] }];
  });
  changed.push(...gone);
  const incidents = [...settled, ...gone, ...waiting, ...current].sort(
    (a, b) => b.from - a.from || (a.id < b.id ? -1 : 1),
  );
  return { incidents, changed, missed: missedNow };
}

/** Whether there is no such incident any more. */
export function isGone(state: IncidentState): boolean {
  return state === 'withdrawn' || state === 'joined';
}

/** The time takes seven characters until 2059, hyphens and a number the rest. */
const mostOfPlace = 20;

function begun(finding: Finding, ids: Set<string>): Incident {
  // An identifier of 32 at most: the place is there for people who read it out.
  const place = finding.place.school ?? finding.place.county;
  const base = `${Math.floor(finding.openedAt).toString(36)}-${place.slice(0, mostOfPlace).replace(/-+$/, '')}`;
  let id = base;
  for (let n = 2; ids.has(id); n += 1) id = `${base}-${n}`;
  ids.add(id);
  const history: IncidentEvent[] = [{ time: finding.openedAt, what: 'opened', found: foundIn(finding) }];
  if (finding.to !== undefined) history.push({ time: finding.to, what: 'resolved' });
  return { ...finding, id, state: finding.to === undefined ? 'open' : 'resolved', history };
}

/** The same object where nothing changed. */
function carriedOn(known: Incident, finding: Finding, now: number): Incident {
  const { id, state, history, ...old } = known;
  if (JSON.stringify(old) === JSON.stringify(finding)) return known;
  const events: IncidentEvent[] = [];
  if (old.row !== finding.row || JSON.stringify(old.place) !== JSON.stringify(finding.place))
    events.push({ time: now, what: 'found', found: foundIn(finding) });
  if (Math.abs(old.from - finding.from) > limits.atOnceS) events.push({ time: now, what: 'corrected' });
  if (old.to === undefined && finding.to !== undefined) events.push({ time: finding.to, what: 'resolved' });
  if (old.to !== undefined && finding.to === undefined) events.push({ time: now, what: 'reopened' });
  const isClosed = state === 'closed' && (old.to === undefined || finding.to !== undefined);
  return {
    ...finding,
    id,
    state: isClosed ? 'closed' : finding.to === undefined ? lastingState(history) : 'resolved',
    history: [...history, ...events],
  };
}

function foundIn({ place: { node }, cause, confidence }: Finding): NonNullable<IncidentEvent['found']> {
  return { node, cause, confidence };
}

/** Which finding goes on with which incident: those first that have the most in common. */
function heirsOf(known: ReadonlySet<Incident>, findings: readonly Finding[]): ReadonlyMap<Finding, Incident> {
  const kinship = new Kinship(known);
  const pairs = findings
    .flatMap((finding) => kinship.of(finding).map(({ one, likeness }) => ({ finding, one, likeness })))
    .sort((a, b) => b.likeness - a.likeness);
  const heirs = new Map<Finding, Incident>();
  const taken = new Set<Incident>();
  for (const { finding, one } of pairs) {
    if (heirs.has(finding) || taken.has(one)) continue;
    heirs.set(finding, one);
    taken.add(one);
  }
  return heirs;
}

/** Who has the same machines at the same time. Looked up by machine: to compare each with each takes long, in a month of a large county. */
class Kinship {
  readonly #byKin = new Map<string, Incident[]>();
  readonly #order = new Map<Incident, number>();

  constructor(incidents: Iterable<Incident>) {
    for (const incident of incidents) {
      this.#order.set(incident, this.#order.size);
      for (const own of new Set(incident.evidence.map(kin))) {
        const alike = this.#byKin.get(own);
        if (alike === undefined) this.#byKin.set(own, [incident]);
        else alike.push(incident);
      }
    }
  }

  /** Those that have the most of it first. */
  of(finding: Finding): Readonly<{ one: Incident; likeness: number }>[] {
    const likeness = new Map<Incident, number>();
    for (const own of finding.evidence.map(kin))
      for (const one of this.#byKin.get(own) ?? []) likeness.set(one, (likeness.get(one) ?? 0) + 1);
    const orderOf = (one: Incident): number => this.#order.get(one) ?? 0;
    return [...likeness]
      .filter(([one]) => areAtOnce(one, finding))
      .sort(([a, most], [b, more]) => more - most || orderOf(a) - orderOf(b))
      .map(([one, alike]) => ({ one, likeness: alike }));
  }
}

function areAtOnce(one: Finding, other: Finding): boolean {
  const ends = ({ to }: Finding): number => (to ?? Number.POSITIVE_INFINITY) + limits.atOnceS;
  return one.from <= ends(other) && other.from <= ends(one);
}

/** Silence turns out to be a lost hub when the backlog comes: both are of the network. */
function kin({ agent, condition }: Finding['evidence'][number]): string {
  return `${agent} ${condition === 'silent' ? 'hub-lost' : condition}`;
}
