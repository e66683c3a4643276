import { type ThresholdOverrides, type Tracked, thresholdOf } from '@tongtang/model/condition-thresholds';
import type { FieldValue } from '@tongtang/model/sample';
import { ConditionTrack, type TrackState } from './condition-track.ts';
import type { Status } from './presence.ts';
import { type Session, Sessions } from './sessions.ts';
import { SignalReadings, type SignalState } from './signal-readings.ts';
import { limits, units } from './thresholds.ts';

/** A sample as far as it can be evidence. Times are hub time in seconds. */
export type EvidenceSample = Readonly<{
  measurement: string;
  tags: Readonly<Record<string, string | undefined>>;
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

/** What an agent said of itself, or its will did. */
export type Word = Readonly<{ time: number; state: Status }>;

/** One condition about one far end. */
export type Subject = {
  readonly condition: Tracked;
  readonly target: string;
  readonly track: ConditionTrack;
  everGood: boolean;
};

export type AgentState = Readonly<{
  sessions: readonly Readonly<Session>[];
  words: readonly Word[];
  sleeps: readonly (readonly [time: number, seconds: number])[];
  overheard: readonly (readonly [from: number, to: number])[];
  unheard: readonly (readonly [from: number, to: number])[];
  subjects: readonly Readonly<{ condition: Tracked; target: string; everGood: boolean; track: TrackState }>[];
  signals: readonly (readonly [target: string, state: SignalState])[];
  reports: readonly number[];
}>;

/** A failure that is told over the very path at once is none: a firewall swallows the test packets. Seconds. */
const overheardS = 20;

/** So many missing reports of an agent may have been told of as silence. */
const unheardReports = limits.closeSilence + limits.holdReports;

/**
 * How far apart reports are is taken from so many distances: each strays by a second or two, on which seconds of a cut would hang, and
 * outages make some of them long. With fewer than three nothing is known.
 */
const distances = { kept: 7, least: 3 } as const;

/** More than any agent has; what goes beyond is no evidence: tags are what an agent says, and a broken or stolen one says anything. */
const mostSubjects = 200;
const mostReceivers = 20;
/** The newest: an honest one says some ten a day, and a month of them is kept. */
const mostWords = 5000;
/** What was not measured for so long while the agent was there, is gone: an interface of a container, a platform that is asked no more. Seconds. */
const unmeasuredS = 7 * 86_400;

/** All that is known of one agent, in measurement time. */
export class AgentEvidence {
  readonly sessions: Sessions;
  readonly signals: Map<string, SignalReadings>;
  readonly #overrides: ThresholdOverrides;
  #subjects: Subject[] = [];
  /** The same by condition and target: samples come by the million. */
  readonly #index = new Map<Tracked, Map<string, Subject>>();
  readonly #hub: Subject;
  readonly #gateway: Subject;
  readonly #gatewayPoor: Subject;
  readonly #congested: Subject;
  #words: Word[];
  #sleeps: (readonly [time: number, seconds: number])[];
  #overheard: [from: number, to: number][];
  /** When nothing was heard of it although a report was due: a run that failed then has a second witness. */
  #unheard: [from: number, to: number][];
  /** When something new came, the last times. */
  #reports: number[];
  #reportS: number;
  #accepted = true;

  constructor(overrides: ThresholdOverrides = {}, state?: AgentState) {
    this.#overrides = overrides;
    this.sessions = new Sessions(state?.sessions);
    this.#words = (state?.words ?? []).slice(-mostWords);
    this.#sleeps = [...(state?.sleeps ?? [])];
    this.#overheard = (state?.overheard ?? []).map(([from, to]) => [from, to]);
    this.#unheard = (state?.unheard ?? []).map(([from, to]) => [from, to]);
    this.#reports = [...(state?.reports ?? [])];
    this.#reportS = usualDistance(this.#reports);
    this.signals = new Map(
      (state?.signals ?? [])
        .slice(0, mostReceivers)
        .map(([target, readings]) => [target, new SignalReadings(readings)]),
    );
    // A file may be from before there was a bound.
    for (const { condition, target, everGood, track } of state?.subjects.slice(0, mostSubjects) ?? [])
      this.#begin(condition, target, everGood, track);
    this.#hub = this.#subject('hub-lost', 'hub');
    this.#gateway = this.#subject('gateway-lost', 'gateway');
    this.#gatewayPoor = this.#subject('gateway-poor', 'gateway');
    this.#congested = this.#subject('congested', 'hub');
  }

  get words(): readonly Word[] {
    return this.#words;
  }

  get subjects(): Iterable<Subject> {
    return this.#subjects;
  }

  /**
   * @param arrivedAt hub time in seconds when it came, where it came from the agent and not from the store
   * @returns false where a part of it is too old for what is kept
   */
  take(sample: EvidenceSample, arrivedAt?: number): boolean {
    const { measurement, tags, time, fields } = sample;
    this.#accepted = true;
    const last = this.sessions.last?.to ?? time;
    if (arrivedAt !== undefined && time > last) this.#reported(last, arrivedAt);
    this.sessions.add(time);
    switch (measurement) {
      case 'stamp':
      case 'ping':
      case 'tcp':
      case 'http':
      case 'tls':
        this.#weighPath(sample, arrivedAt);
        break;
      case 'host':
        if (typeof fields.disk_used_ratio === 'number')
          this.#add('disk-full', '', time, fields.disk_used_ratio);
        if (typeof fields.uptime_s === 'number') this.sessions.booted(time, time - fields.uptime_s);
        break;
      case 'agent':
        if (typeof fields.clock_offset_ms === 'number')
          this.#add('clock-wrong', '', time, Math.abs(fields.clock_offset_ms));
        if (typeof fields.slept_s === 'number' && fields.slept_s > 0) this.#slept(time, fields.slept_s);
        break;
      case 'interface':
        if (typeof fields.up === 'boolean')
          this.#add('no-carrier', tags.interface ?? '', time, fields.up ? 0 : 1);
        break;
      case 'signal':
        this.#weighSignal(sample);
        break;
      case 'mpegts':
        this.#weighStream(sample);
        break;
    }
    return this.#accepted;
  }

  /** How far apart its reports are at present, in seconds; 0 where too few came. Its budget may stretch what is planned. */
  get reportS(): number {
    return this.#reportS;
  }

  hear(word: Word): void {
    const at = this.#words.findLastIndex(({ time }) => time <= word.time);
    const known = this.#words[at];
    if (known?.time === word.time && known.state === word.state) return;
    this.#words.splice(at + 1, 0, word);
    if (this.#words.length > mostWords) this.#words.shift();
  }

  /** Whether the machine was asleep for most of a pause. */
  sleptThrough(from: number, to: number): boolean {
    return this.#sleeps.some(
      ([time, seconds]) => time >= to - limits.pauseS && time <= to + 120 && seconds >= (to - from) / 2,
    );
  }

  /** Whether what the track of a condition says can be believed: something that never answered is not lost. */
  spansOf(condition: Tracked): readonly Readonly<{ from: number; to?: number }>[] {
    const spans: Readonly<{ from: number; to?: number }>[] = [];
    for (const subject of this.#subjects)
      if (subject.condition === condition && subject.everGood) spans.push(...subject.track.spans);
    return spans;
  }

  /** Whether a condition could have been seen at all. */
  measures(condition: Tracked): boolean {
    for (const subject of this.#subjects)
      if (subject.condition === condition && subject.everGood) return true;
    return false;
  }

  rewind(to: number): void {
    this.sessions.rewind(to);
    for (const { track } of this.#subjects) track.rewind(to);
    for (const readings of this.signals.values()) readings.rewind(to);
    this.#sleeps = this.#sleeps.filter(([time]) => time < to);
  }

  /** Forgets what ended before a time. */
  forget(before: number): void {
    this.sessions.forget(before);
    for (const { track } of this.#subjects) track.forget(before);
    this.#forgetUnmeasured();
    this.#words = this.#words.filter(({ time }) => time >= before);
    this.#sleeps = this.#sleeps.filter(([time]) => time >= before);
    this.#overheard = this.#overheard.filter(([, to]) => to >= before);
    this.#unheard = this.#unheard.filter(([, to]) => to >= before);
    for (const readings of this.signals.values()) readings.forget(before);
  }

  /** Takes over what another one of the same agent was told. */
  hearAll({ words }: AgentEvidence): void {
    for (const word of words) this.hear(word);
  }

  /** Whether anything began or ended within so many seconds of a time. */
  isQuietAt(time: number, withinS: number): boolean {
    const near = (edge: number | undefined): boolean =>
      edge !== undefined && edge > time - withinS && edge < time + withinS;
    for (const { track } of this.#subjects)
      for (const { from, firedAt, to } of track.spans)
        if (near(from) || near(firedAt) || near(to)) return false;
    return true;
  }

  /** The same under other thresholds, which count for what comes from now on. */
  under(overrides: ThresholdOverrides | undefined): AgentEvidence {
    const subjects = this.#subjects.map(({ condition, target, everGood, track }) => ({
      condition,
      target,
      everGood,
      track: track.settled(),
    }));
    return new AgentEvidence(overrides, { ...this.state(), subjects });
  }

  state(): AgentState {
    return {
      sessions: this.sessions.list.map((session) => ({ ...session })),
      words: [...this.#words],
      sleeps: [...this.#sleeps],
      overheard: this.#overheard.map(([from, to]) => [from, to]),
      unheard: this.#unheard.map(([from, to]) => [from, to]),
      subjects: this.#subjects.map(({ condition, target, everGood, track }) => ({
        condition,
        target,
        everGood,
        track: track.state(),
      })),
      signals: [...this.signals].map(([target, readings]) => [target, readings.state()]),
      reports: [...this.#reports],
    };
  }

  /** @param last measurement time of the newest sample before */
  #reported(last: number, at: number): void {
    if (at <= (this.#reports.at(-1) ?? 0)) return;
    const usualS = this.#reportS;
    if (usualS > 0 && at - last >= unheardReports * usualS) this.#unheard.push([last, at]);
    this.#reports = [...this.#reports.slice(-distances.kept), at];
    this.#reportS = usualDistance(this.#reports);
  }

  #wasUnheard(time: number): boolean {
    return this.#unheard.some(([from, to]) => from < time && time <= to);
  }

  #weighPath(
    { measurement, tags: { link, target = '' }, time, fields }: EvidenceSample,
    arrivedAt?: number,
  ): void {
    const { ok, failure } = fields;
    // A name that cannot be resolved is a line that is cut, more often than not; where it is not, other words come through.
    if (typeof ok !== 'boolean' || (!ok && failure === 'agent')) return;
    const lost = ok || failure === 'target' ? 0 : 1;
    if (link === 'lan') {
      if (target !== 'gateway') return;
      this.#put(this.#gateway, time, lost);
      if (ok) this.#put(this.#gatewayPoor, time, worstOf('gateway-poor', fields));
      return;
    }
    if (target !== 'hub') {
      this.#add('beyond-lost', target, time, lost);
      return;
    }
    if (measurement !== 'stamp') return;
    const isBorneOut = lost === 1 && this.#wasUnheard(time);
    if (lost === 1 && !isBorneOut && this.#cameThrough(time, arrivedAt)) return;
    this.#put(this.#hub, time, isBorneOut ? 2 : lost);
    if (!ok) return;
    this.#put(this.#congested, time, worstOf('congested', fields));
  }

  #cameThrough(time: number, arrivedAt: number | undefined): boolean {
    const last = this.#overheard.at(-1);
    if (arrivedAt === undefined || arrivedAt - time > overheardS)
      return this.#overheard.some(([from, to]) => from <= time && time <= to);
    if (last !== undefined && time >= last[0] && time - last[1] <= limits.pauseS)
      last[1] = Math.max(last[1], time);
    else this.#overheard.push([time, time]);
    return true;
  }

  #weighSignal({ tags: { target = '' }, time, fields }: EvidenceSample): void {
    const { ok, failure, locked, margin_db: marginDb, cn_db: cnDb } = fields;
    if (failure === 'agent') return;
    if (typeof locked !== 'boolean') {
      if (ok === false) this.#add('receiver-silent', target, time, 1);
      return;
    }
    this.#add('receiver-silent', target, time, 0);
    this.#add('lock-lost', target, time, locked ? 0 : 1);
    if (locked && typeof marginDb === 'number') this.#add('signal-low', target, time, marginDb);
    let readings = this.signals.get(target);
    if (readings === undefined) {
      if (this.signals.size >= mostReceivers) return;
      readings = new SignalReadings();
      this.signals.set(target, readings);
    }
    const cn = typeof cnDb === 'number' ? cnDb : undefined;
    readings.add({
      time,
      locked,
      ...(cn !== undefined && { cnDb: cn }),
      ...(cn !== undefined && typeof marginDb === 'number' && { thresholdDb: cn - marginDb }),
    });
  }

  #weighStream({ tags: { target = '' }, time, fields }: EvidenceSample): void {
    const {
      ok,
      failure,
      absent_s: absent,
      interval_s: interval,
      loss_ratio: loss,
      continuity_errors: errors,
    } = fields;
    if (typeof ok !== 'boolean' || failure === 'agent') return;
    const away = typeof absent === 'number' && typeof interval === 'number' && absent >= interval / 2;
    this.#add('stream-gone', target, time, ok && !away ? 0 : 1);
    if (!ok || away) return;
    const damage = typeof loss === 'number' ? loss : Number(typeof errors === 'number' && errors > 0);
    this.#add('stream-errors', target, time, damage);
  }

  #slept(time: number, seconds: number): void {
    if (this.#sleeps.some(([known]) => known === time)) return;
    this.#sleeps.push([time, seconds]);
    this.#sleeps.sort((a, b) => a[0] - b[0]);
  }

  #add(condition: Tracked, target: string, time: number, value: number): void {
    if (this.#subjects.length < mostSubjects || this.#index.get(condition)?.has(target) === true)
      this.#put(this.#subject(condition, target), time, value);
  }

  #put(subject: Subject, time: number, value: number): void {
    if (value < 1) subject.everGood = true;
    if (!subject.track.add(time, value)) this.#accepted = false;
  }

  #subject(condition: Tracked, target: string): Subject {
    return this.#index.get(condition)?.get(target) ?? this.#begin(condition, target, false);
  }

  #begin(condition: Tracked, target: string, everGood: boolean, state?: TrackState): Subject {
    const threshold = thresholdOf(condition, this.#overrides);
    const subject = { condition, target, everGood, track: new ConditionTrack(threshold, state) };
    this.#subjects.push(subject);
    const ofCondition = this.#index.get(condition) ?? new Map<string, Subject>();
    this.#index.set(condition, ofCondition.set(target, subject));
    return subject;
  }

  #forgetUnmeasured(): void {
    const since = (this.sessions.last?.to ?? 0) - unmeasuredS;
    const always: readonly Subject[] = [this.#hub, this.#gateway, this.#gatewayPoor, this.#congested];
    const isThere = (subject: Subject): boolean =>
      subject.track.last >= since || subject.track.spans.length > 0 || always.includes(subject);
    if (this.#subjects.every(isThere)) return;
    for (const { condition, target } of this.#subjects.filter((subject) => !isThere(subject)))
      this.#index.get(condition)?.delete(target);
    this.#subjects = this.#subjects.filter(isThere);
    for (const target of this.signals.keys())
      if (this.#index.get('lock-lost')?.has(target) !== true) this.signals.delete(target);
  }
}

/** Delay or loss of a run, whichever is worse, in the units of a condition. */
function worstOf(
  condition: keyof typeof units,
  { sent, received, rtt_ms: rttMs }: EvidenceSample['fields'],
): number {
  const { rttMs: slow, loss: lossy } = units[condition];
  const counted = typeof sent === 'number' && typeof received === 'number' && sent > 0;
  return Math.max(typeof rttMs === 'number' ? rttMs / slow : 0, counted ? (1 - received / sent) / lossy : 0);
}

/** What two of three distances of times in order reach, so that one that is long by chance does not count; 0 for too few. */
function usualDistance(times: readonly number[]): number {
  const apart = times.slice(1).map((at, index) => at - (times[index] ?? at));
  if (apart.length < distances.least) return 0;
  return apart.sort((a, b) => a - b)[Math.floor(apart.length / 3)] ?? 0;
}
