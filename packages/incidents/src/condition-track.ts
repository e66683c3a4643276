import type { Threshold } from '@tongtang/model/condition-thresholds';
import { limits } from './thresholds.ts';

/** When a condition held. Hub time in seconds. */
export type Span = {
  /** The first bad value. */
  from: number;
  /** When so many were bad that it fired. */
  firedAt: number;
  /** The first of the good values that ended it; absent while it goes on. */
  to?: number;
};

type Course = {
  firing: boolean;
  /** What each of the last values counts: 0 where it is not bad. */
  bad: number[];
  goods: number;
  firstGood: number;
  firstBad: number[];
  last: number;
};

/** A track as it is kept; before it kept points, times and values beside each other. */
export type TrackState = Readonly<{ spans: readonly Readonly<Span>[]; base: Readonly<Course> }> &
  Readonly<{ points: readonly number[] } | { times: readonly number[]; values: readonly number[] }>;

/** What a value is to its threshold: good, between, or bad; the bad ones by what they count. */
const [good, between, worst] = [0, 1, 7] as const;
/**
 * A value and its time, a whole second, in one number, so that points are in the order of their times: of 5,000 agents a hub keeps some
 * three million, and two lists of numbers take twice as much.
 */
const perSecond = worst + 1;
const pointOf = (time: number, weight: number): number => time * perSecond + weight;
const timeOf = (point: number): number => Math.floor(point / perSecond);
const weightOf = (point: number): number => point % perSecond;

/** What is older than what is kept is forgotten now and then, some at once. */
const forgetEveryS = 225;

const start = (): Course => ({
  firing: false,
  bad: [],
  goods: 0,
  firstGood: 0,
  firstBad: [],
  last: 0,
});
const copyOf = (course: Readonly<Course>): Course => ({
  ...course,
  bad: [...course.bad],
  firstBad: [...course.firstBad],
});

const add = (sum: number, counts: number): number => sum + counts;

/**
 * One condition of one subject over time. Values may come in any order and twice: the spans are those of the values in
 * order. The newest are kept for that; what is older than them is refused.
 */
export class ConditionTrack {
  readonly #threshold: Threshold;
  readonly #spans: Span[] = [];
  /** Before the values that are kept, and after them. */
  #base = start();
  #course = start();
  #points: number[] = [];
  /** Values came out of order: the spans are those of before, until somebody asks. */
  #disordered = false;

  constructor(threshold: Threshold, state?: TrackState) {
    this.#threshold = threshold;
    if (state === undefined) return;
    this.#base = copyOf(state.base);
    this.#points =
      'points' in state
        ? [...state.points]
        : state.times.map((time, at) => pointOf(time, this.#weigh(state.values[at] ?? 0)));
    this.#spans.push(...state.spans.map((span) => ({ ...span })));
    this.#recompute();
  }

  get spans(): readonly Readonly<Span>[] {
    this.#order();
    return this.#spans;
  }

  /** Time of the newest value; 0 where there was none. */
  get last(): number {
    const newest = this.#points.at(-1);
    return newest === undefined ? this.#base.last : timeOf(newest);
  }

  /** @returns false where the value is older than what is kept: only a replay can take it */
  add(time: number, value: number): boolean {
    const weight = this.#weigh(value);
    const point = pointOf(time, weight);
    if (time > this.last) {
      this.#points.push(point);
      if (!this.#disordered) this.#step(this.#course, time, weight);
      if (this.#points.length > 32 && time - timeOf(this.#points[0] ?? point) > limits.keptS + forgetEveryS)
        this.#forget(time);
      return true;
    }
    if (time <= this.#base.last) return false;
    let at = this.#points.length;
    while (at > 0 && (this.#points[at - 1] ?? 0) >= pointOf(time, good)) at -= 1;
    const known = this.#points[at];
    if (known === point) return true;
    this.#points.splice(at, known !== undefined && timeOf(known) === time ? 1 : 0, point);
    this.#disordered = true;
    return true;
  }

  /** Forgets what came after a quiet time. */
  rewind(to: number): void {
    this.#order();
    while ((this.#spans.at(-1)?.from ?? Number.NEGATIVE_INFINITY) >= to) this.#spans.pop();
    const last = this.#spans.at(-1);
    const firing = last !== undefined && (last.to === undefined || last.to > to);
    if (firing) delete last.to;
    this.#base = { ...start(), firing, last: to };
    this.#course = copyOf(this.#base);
    this.#points = [];
  }

  /** Forgets spans that ended before a time. */
  forget(before: number): void {
    const keep = this.#spans.findIndex(({ to }) => to === undefined || to >= before);
    this.#spans.splice(0, keep === -1 ? this.#spans.length : keep);
  }

  state(): TrackState {
    this.#order();
    const spans = this.#spans.map((span) => ({ ...span }));
    return { spans, base: copyOf(this.#base), points: [...this.#points] };
  }

  /** The same, with all values weighed for good: what is older can only be taken by a replay. */
  settled(): TrackState {
    this.#order();
    const spans = this.#spans.map((span) => ({ ...span }));
    return { spans, base: copyOf(this.#course), points: [] };
  }

  #order(): void {
    if (this.#disordered) this.#recompute();
    this.#disordered = false;
  }

  #forget(now: number): void {
    this.#order();
    const keep = this.#points.findIndex((point) => timeOf(point) > now - limits.keptS);
    const spans = this.#spans.map((span) => ({ ...span }));
    for (const point of this.#points.slice(0, keep))
      this.#step(this.#base, timeOf(point), weightOf(point), spans, true);
    this.#points = this.#points.slice(keep);
  }

  /** The spans of all values that are kept, from what was before them. */
  #recompute(): void {
    const from = this.#base.last;
    const isNewer = ({ firedAt, to = Number.POSITIVE_INFINITY }: Span): boolean =>
      firedAt > from || (!this.#base.firing && to > from);
    for (let span = this.#spans.at(-1); span !== undefined && isNewer(span); span = this.#spans.at(-1))
      this.#spans.pop();
    const last = this.#spans.at(-1);
    if (this.#base.firing && last !== undefined) delete last.to;
    this.#course = copyOf(this.#base);
    for (const point of this.#points) this.#step(this.#course, timeOf(point), weightOf(point));
  }

  /** By the thresholds of when it came: other ones count from then on. */
  #weigh(value: number): number {
    const { worse, fire, clear, unit } = this.#threshold;
    if (worse === 'higher' ? value >= fire : value <= fire)
      return Math.min(between + (unit === '' ? Math.ceil(value) : 1), worst);
    return (worse === 'higher' ? value <= clear : value >= clear) ? good : between;
  }

  #step(course: Course, time: number, weight: number, spans = this.#spans, silent = false): void {
    const { need, of, clearAfter, freshS } = this.#threshold;
    if (time - course.last > freshS) Object.assign(course, { bad: [], firstBad: [], goods: 0 });
    course.last = time;
    const isBad = weight > between;
    const isGood = weight === good;
    // Good values before the first bad one count for nothing: mostly the list is empty.
    if (isBad || course.bad.length > 0) {
      course.bad.push(isBad ? weight - between : 0);
      course.firstBad.push(time);
      while (course.bad.length > of || course.bad[0] === 0) {
        course.bad.shift();
        course.firstBad.shift();
      }
    }
    if (isGood && course.goods === 0) course.firstGood = time;
    course.goods = isGood ? course.goods + 1 : 0;
    const bads = course.bad.filter((counts) => counts > 0).length;
    if (!course.firing && isBad && bads >= need) {
      course.firing = true;
      if (silent) return;
      spans.push({ from: course.firstBad[0] ?? time, firedAt: time });
    } else if (!course.firing && course.goods === 1 && course.bad.reduce(add, 0) >= need) {
      // It was over before a second one could be bad as well, and is borne out.
      course.firing = true;
      const from = course.firstBad[0] ?? time;
      if (!silent) spans.push({ from, firedAt: from });
    } else if (course.firing && course.goods >= clearAfter) {
      Object.assign(course, { firing: false, bad: [], firstBad: [] });
      if (silent) return;
      const last = spans.at(-1);
      if (last !== undefined) last.to = course.firstGood;
    }
  }
}
