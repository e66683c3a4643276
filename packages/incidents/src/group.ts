import { explains } from './explains.ts';
import { type Exclusion, isExcluded } from './maintenance-window.ts';
import {
  beganAsRain,
  hasReceiver,
  isCutOff,
  isLanPoor,
  mayBeOff,
  presentAt,
  schoolOf,
  sunAt,
} from './surroundings.ts';
import { type Chain, graceS, inOrder, type Known, type Symptom } from './symptom.ts';
import { limits } from './thresholds.ts';
import { firstFrom } from './time-order.ts';

/** Symptoms of one cause. */
export type Group = {
  readonly chain: Chain;
  /** `room`: of one agent. */
  scope: 'county' | 'school' | 'room';
  school?: string;
  /** Of a county's: whose schools. */
  provider?: string;
  frontEnd?: string;
  sun?: true;
  /** Of several schools, one after another. */
  rain?: true;
  hub?: true;
  members: Symptom[];
  openedAt: number;
  to?: number;
  flaps: number;
};

/**
 * Sorts symptoms into groups of one cause each, going through time: what began at once belongs together, what an open
 * group explains joins it, and a group opens when whatever else can join has had its time.
 * @param symptoms in the order in which they fire
 * @param since what was before this time is known already: hub time in seconds
 * @param begun groups of what began before it, in the order in which they opened
 * @returns these first, then the others
 */
export function gather(
  symptoms: readonly Symptom[],
  known: Known,
  exclusions: readonly Exclusion[],
  since = Number.NEGATIVE_INFINITY,
  begun: readonly Group[] = [],
): Group[] {
  const gathering = new Gathering(symptoms, known, exclusions, begun);
  for (const time of timesOf(symptoms, known, exclusions, begun))
    if (time >= since && time <= known.now) gathering.step(time);
  return gathering.groups;
}

/** By then whatever fails with the network is told of. */
const networkHoldS = limits.aloneS + limits.streamHoldS;

/** When something may open or end. */
function timesOf(
  symptoms: readonly Symptom[],
  { now, timing }: Known,
  exclusions: readonly Exclusion[],
  begun: readonly Group[],
): number[] {
  const times = new Set<number>([now]);
  for (const { firedAt, joinsAt, to, from, agent } of symptoms) {
    const holdS = limits.holdReports * timing.reportS(agent.school, from);
    for (const time of [
      firedAt,
      joinsAt,
      firedAt + holdS,
      firedAt + limits.wideHoldS,
      firedAt + limits.aloneS,
      firedAt + networkHoldS,
      firedAt + limits.streamHoldS,
      firedAt + limits.congestionHoldS,
      firedAt + limits.weakHoldS,
    ])
      times.add(time);
    if (to !== undefined) times.add(to).add(to + graceS);
  }
  for (const { start, end } of exclusions) times.add(start).add(end);
  for (const { members } of begun)
    for (const { to } of members) if (to !== undefined) times.add(to).add(to + graceS);
  return [...times].sort((a, b) => a - b);
}

class Gathering {
  readonly groups: Group[];
  readonly #symptoms: readonly Symptom[];
  /** Those of the network in the order in which they began: what began at once lies together. */
  readonly #network: readonly Symptom[];
  readonly #known: Known;
  readonly #exclusions: readonly Exclusion[];
  #pending: Symptom[] = [];
  #next = 0;
  /** Silent symptoms may join before they fire. */
  readonly #taken = new Set<Symptom>();

  constructor(
    symptoms: readonly Symptom[],
    known: Known,
    exclusions: readonly Exclusion[],
    begun: readonly Group[],
  ) {
    this.groups = [...begun];
    this.#symptoms = symptoms;
    this.#network = symptoms.filter(({ chain }) => chain === 'network').sort((a, b) => a.from - b.from);
    this.#known = known;
    this.#exclusions = exclusions;
  }

  step(time: number): void {
    for (const group of this.groups) {
      if (group.to !== undefined) continue;
      const end = Math.max(...group.members.map((member) => this.#endOf(member, group, time)));
      if (end <= time) group.to = end;
    }
    for (let symptom = this.#symptoms[this.#next]; symptom !== undefined && symptom.firedAt <= time; ) {
      if (!this.#taken.has(symptom)) this.#pending.push(symptom);
      this.#next += 1;
      symptom = this.#symptoms[this.#next];
    }
    this.#pending = this.#pending.filter((symptom) => {
      if (this.#taken.has(symptom) || (symptom.to !== undefined && symptom.to <= time)) return false;
      return this.#isExcluded(symptom, time) || !this.#join(symptom, time);
    });
    const open = this.#pending.filter((symptom) => !this.#isExcluded(symptom, time));
    this.#openNetwork(open, time);
    this.#openReception(open, time);
    this.#openQuality(open, time);
    for (const symptom of open)
      if (symptom.chain === 'machine') this.#open({ chain: 'machine', scope: 'room' }, [symptom], time);
    this.#pending = this.#pending.filter((symptom) => !this.#taken.has(symptom));
  }

  /**
   * When a symptom of a group is over. A PC that is still silent when its school has long been back was switched off meanwhile, more
   * often than not: as long as it is few of them, or nobody wants them, it keeps nothing open.
   */
  #endOf(member: Symptom, { members }: Group, time: number): number {
    const end = member.to ?? Number.POSITIVE_INFINITY;
    if (end <= time || member.condition !== 'silent' || member.agent.kind === 'receiver') return end;
    const own = members.filter(({ agent }) => agent.school === member.agent.school);
    const over = own.flatMap(({ to }) => (to !== undefined && to <= time ? [to] : []));
    const back = Math.max(...over);
    if (time < back + graceS || over.length === 0) return end;
    const isWanted = this.#known.timing.isWanted(member.agent.school, time, time);
    return isWanted && over.length < own.length / 2 ? end : back;
  }

  #isExcluded({ agent }: Symptom, time: number): boolean {
    return isExcluded(this.#exclusions, agent.school, time);
  }

  #join(symptom: Symptom, time: number): boolean {
    if (mayBeOff(this.#known, symptom)) return false;
    const group = this.groups.findLast((candidate) => {
      const isOver = candidate.to !== undefined;
      const reopenS = candidate.chain === 'machine' ? 3 * 86_400 : limits.reopenS;
      const isWide = candidate.scope === 'county' && candidate.rain !== true;
      if (isOver && (isWide || symptom.from - (candidate.to ?? 0) > reopenS)) return false;
      if (isOver && symptom.chain !== candidate.chain) return false;
      return explains(candidate, symptom, this.#known, time);
    });
    if (group === undefined) return false;
    if (group.to !== undefined) {
      delete group.to;
      group.flaps += 1;
    }
    if (group.scope === 'room' && group.members.every(({ agent }) => agent.id !== symptom.agent.id))
      group.scope = 'school';
    if (group.chain === 'reception' && group.scope === 'school' && group.school !== symptom.agent.school) {
      group.scope = 'county';
      group.rain = true;
      delete group.school;
    }
    group.members.push(symptom);
    this.#taken.add(symptom);
    return time >= symptom.firedAt;
  }

  #open(of: Omit<Group, 'members' | 'openedAt' | 'flaps'>, members: readonly Symptom[], time: number): void {
    for (const member of members) this.#taken.add(member);
    const school = of.scope === 'county' ? undefined : members[0]?.agent.school;
    this.groups.push({
      ...of,
      ...(school !== undefined && { school }),
      members: [...members],
      openedAt: time,
      flaps: 0,
    });
  }

  #openNetwork(open: readonly Symptom[], time: number): void {
    const { timing, aways } = this.#known;
    // The hub was not there: whatever was lost with it comes of that.
    for (const away of aways) {
      const its = open.filter(
        ({ condition, from }) =>
          condition === 'hub-lost' && from >= away.from - limits.atOnceS && from < away.to,
      );
      if (its.length > 0) this.#open({ chain: 'network', scope: 'county', hub: true }, its, time);
    }
    const bases = open.filter((symptom) => this.#counts(symptom) && !this.#taken.has(symptom));
    for (const base of bases) {
      if (this.#taken.has(base)) continue;
      const holdS = limits.holdReports * timing.reportS(base.agent.school, base.from);
      if (time < base.firedAt + holdS) continue;
      const cluster = this.#atOnceWith(base, time);
      this.#openWide(base, cluster, time);
      if (this.#taken.has(base)) continue;
      const isAlone = cluster.every(({ agent }) => agent.school === base.agent.school);
      if (!isAlone && time < base.firedAt + limits.wideHoldS) continue;
      const own = cluster.filter(({ agent }) => agent.school === base.agent.school);
      const rooms = presentAt(this.#known, base.agent.school, base.from);
      const lost = new Set(own.map(({ agent }) => agent.id));
      const alone = lost.size === 1 && [...rooms].some((id) => !lost.has(id));
      const waitS = alone || (lost.size === 1 && base.agent.kind === 'receiver') ? limits.aloneS : holdS;
      if (time >= base.firedAt + waitS)
        this.#open({ chain: 'network', scope: lost.size === 1 ? 'room' : 'school' }, own, time);
    }
  }

  /** What of the network began at once with a symptom, in the order in which it fires. */
  #atOnceWith(base: Symptom, time: number): Symptom[] {
    const cluster: Symptom[] = [];
    const first = firstFrom(this.#network, base.from - limits.atOnceS, ({ from }) => from);
    for (let at = first; at < this.#network.length; at += 1) {
      const symptom = this.#network[at];
      if (symptom === undefined || symptom.from > base.from + limits.atOnceS) break;
      if (
        !this.#taken.has(symptom) &&
        symptom.joinsAt <= time &&
        (symptom.to === undefined || symptom.to > time) &&
        !this.#isExcluded(symptom, time) &&
        !mayBeOff(this.#known, symptom)
      )
        cluster.push(symptom);
    }
    return cluster.sort(inOrder);
  }

  /** PCs are switched off at the wall when nobody needs them; receivers are not. */
  #counts(symptom: Symptom): boolean {
    const { chain, condition, agent, from, to } = symptom;
    if (chain !== 'network') return false;
    if (condition !== 'silent' || agent.kind === 'receiver') return true;
    const { timing, now } = this.#known;
    return timing.isWanted(agent.school, from, to ?? now) && !mayBeOff(this.#known, symptom);
  }

  #openWide(base: Symptom, cluster: readonly Symptom[], time: number): void {
    const { schools } = this.#known.topology;
    const provider = schoolOf(this.#known, base.agent.school)?.provider;
    const bySchool = Map.groupBy(cluster, ({ agent }) => agent.school);
    const hit: string[] = [];
    let seen = 0;
    let others = 0;
    let othersHit = 0;
    for (const school of schools) {
      const rooms = presentAt(this.#known, school.id, base.from);
      if (rooms.size === 0) continue;
      const lost = new Set(bySchool.get(school.id)?.map(({ agent }) => agent.id));
      const all = [...rooms].every((id) => lost.has(id));
      if (school.provider === provider) {
        seen += 1;
        if (all) hit.push(school.id);
      } else {
        others += 1;
        if (all) othersHit += 1;
      }
    }
    if (hit.length < limits.wideSchools || hit.length < limits.wideShare * seen) return;
    const everywhere = others > 0 && othersHit >= limits.wideShare * others;
    const members = cluster.filter(
      ({ agent }) => everywhere || schoolOf(this.#known, agent.school)?.provider === provider,
    );
    this.#open(
      { chain: 'network', scope: 'county', ...(!everywhere && provider !== undefined && { provider }) },
      members,
      time,
    );
  }

  #openReception(open: readonly Symptom[], time: number): void {
    for (const base of open) {
      if (base.chain !== 'reception' || this.#taken.has(base) || time < base.firedAt + limits.streamHoldS)
        continue;
      if (this.#isOfNetwork(base, time) && time < base.firedAt + networkHoldS) continue;
      const pending = open.filter(({ chain }) => chain === 'reception');
      if (sunAt(this.#known, base) && base.condition !== 'receiver-silent') {
        const inSun = pending.filter((one) => sunAt(this.#known, one) && one.condition !== 'receiver-silent');
        this.#open({ chain: 'reception', scope: 'county', sun: true }, inSun, time);
        continue;
      }
      if (this.#openWideReception(base, pending, time)) continue;
      if (this.#isOnlyWeak(base, pending) && time < base.firedAt + limits.weakHoldS) continue;
      if (this.#openRain(base, pending, time)) continue;
      const own = pending.filter((one) => one.agent.school === base.agent.school && !this.#taken.has(one));
      this.#open({ chain: 'reception', scope: 'school' }, own, time);
    }
  }

  /** Whether nothing is worse at a school than the margin of its signal. */
  #isOnlyWeak({ agent: { school } }: Symptom, pending: readonly Symptom[]): boolean {
    return pending.every(({ condition, agent }) => agent.school !== school || condition === 'signal-low');
  }

  /** One shower is one cause, whichever schools it comes to. */
  #openRain(base: Symptom, pending: readonly Symptom[], time: number): boolean {
    if (!beganAsRain(this.#known, base)) return false;
    const wet = pending.filter((one) => !this.#taken.has(one) && beganAsRain(this.#known, one));
    const schools = new Set(wet.map(({ agent }) => agent.school));
    if (schools.size < 2) return false;
    const members = pending.filter((one) => !this.#taken.has(one) && schools.has(one.agent.school));
    this.#open({ chain: 'reception', scope: 'county', rain: true }, members, time);
    return true;
  }

  /** A stream that fails where the machine's own network does is told of with that, which takes longer to be sure of. */
  #isOfNetwork({ condition, agent, from }: Symptom, time: number): boolean {
    if (condition !== 'stream-gone' && condition !== 'stream-errors') return false;
    const since = from - limits.atOnceS;
    return isLanPoor(this.#known, agent.id, since, time) || isCutOff(this.#known, agent.id, since, time);
  }

  #openWideReception(base: Symptom, pending: readonly Symptom[], time: number): boolean {
    if (base.condition !== 'lock-lost' && base.condition !== 'stream-gone') return false;
    const { condition } = base;
    const frontEnd =
      condition === 'stream-gone' ? schoolOf(this.#known, base.agent.school)?.frontEnd : undefined;
    const alike = pending.filter(
      (one) => one.condition === condition && Math.abs(one.from - base.from) <= 2 * limits.atOnceS,
    );
    const concerned = this.#known.topology.schools.filter(
      (school) =>
        (condition === 'lock-lost' || school.frontEnd === frontEnd) &&
        hasReceiver(this.#known, school.id, condition, base.from),
    );
    const hit = new Set(alike.map(({ agent }) => agent.school));
    const lost = concerned.filter(({ id }) => hit.has(id));
    if (lost.length < limits.wideSchools || lost.length < limits.wideShare * concerned.length) return false;
    const members = pending.filter(
      (one) => !this.#taken.has(one) && lost.some(({ id }) => id === one.agent.school),
    );
    const of = frontEnd === undefined ? {} : { frontEnd };
    this.#open({ chain: 'reception', scope: 'county', ...of }, members, time);
    return true;
  }

  #openQuality(open: readonly Symptom[], time: number): void {
    for (const base of open) {
      if (base.chain !== 'quality' || this.#taken.has(base)) continue;
      const own = open.filter(
        ({ chain, agent }) => chain === 'quality' && agent.school === base.agent.school,
      );
      const rooms = presentAt(this.#known, base.agent.school, base.from);
      const slow = new Set(own.map(({ agent }) => agent.id));
      const most = slow.size >= rooms.size / 2;
      if (time >= base.firedAt + (most ? limits.congestionHoldS : limits.aloneS))
        this.#open({ chain: 'quality', scope: most ? 'school' : 'room' }, own, time);
    }
  }
}
