import type { LinkKind } from '@tongtang/model/link';
import type { Timers } from './timers.ts';

/** Something to do again and again. */
export type ScheduledTask = Readonly<{
  /** The series that it fills. */
  key: string;
  /** Seconds between two beats; undefined where it starts only when it is prompted, or follows another. */
  everyS: number | undefined;
  /** Whether it may disturb a lesson: then it does not start while one is on, or begins within 20 minutes. */
  heavy: boolean;
  /** Starts for this link's sake, too, when it is told to, but so many seconds apart on average. */
  prompt?: Readonly<{ by: LinkKind; apartS: number }>;
  /** Starts in the wake of the task with this key: when its run has ended, and soon at the latest. */
  follows?: string;
  run: () => Promise<void>;
}>;

export type ScheduleOptions = Readonly<{
  /** Local time in milliseconds, sleep included. */
  nowMs: () => number;
  timers: Timers;
  /** Whether what is heavy would disturb a lesson. */
  lessonNear: () => boolean;
  /** Called on every wake, before any task starts. */
  onWake: () => void;
  /** A task rejected, which none should. */
  onError: (key: string, error: unknown) => void;
  /** Numbers from 0 to 1. */
  random?: () => number;
}>;

/** First starts are spread over so long, so that the classrooms of a school do not measure each other. */
const spreadMs = 10_000;
/** Tasks that run less often than that draw their beat from the whole interval after the first run. */
const steppedMs = 60_000;
/** Two runs of one series are never closer: samples have whole seconds, and the later would overwrite the earlier. */
const closestMs = 2000;
/**
 * So many prompted starts may follow on each other, if so many intervals between them were quiet: what happens while an agent begins
 * must not leave the cut of the next minute unseen.
 */
const promptsAtOnce = 3;
/** A start strays from its beat by up to so much, and by at most a tenth of the interval. */
const jitterMs = 1000;

/**
 * What follows another task begins when that one has its answer, and no later than this: side by side, what the one does would
 * count as delay of the other. A gateway in the same building answers sooner. Milliseconds.
 */
const answerMs = 50;

type Entry = {
  task: ScheduledTask;
  /** The beat of this task; starts follow it within the jitter. */
  beat: number;
  due: number;
  running: boolean;
  /** Whether the beat was drawn from the whole interval already. */
  settled: boolean;
  /** Whether the next start is one that was prompted. */
  prompted: boolean;
};

/**
 * Runs tasks on their beats: no task overlaps itself, no series is filled twice within two seconds, and what was
 * missed (sleep, a stopped process) is not made up for but spread anew. One timer wakes for all tasks.
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Outlives the entries: a task that is taken out and put back fills the same series. */
  readonly #lastStart = new Map<string, number>();
  /** The last starts that were prompted, the oldest first. */
  readonly #lastPrompted = new Map<string, readonly number[]>();
  readonly #running = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #skipped = 0;
  #stopped = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** Starts that were left out because the run before had not ended. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Replaces the tasks. Those whose key and interval stay keep their beat. Of two with one key the first counts. */
  set(tasks: readonly ScheduledTask[]): void {
    const wanted = new Map<string, ScheduledTask>();
    for (const task of tasks) if (!wanted.has(task.key)) wanted.set(task.key, task);
    for (const key of this.#entries.keys()) if (!wanted.has(key)) this.#entries.delete(key);
    for (const [key, task] of wanted) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) {
        const sameBeat = entry.task.everyS === task.everyS;
        entry.task = task;
        if (sameBeat) continue;
        entry.prompted = false;
        this.#plan(entry, this.#anew(task));
      } else {
        const added: Entry = { task, beat: 0, due: 0, running: false, settled: false, prompted: false };
        this.#entries.set(key, added);
        this.#plan(added, this.#anew(task));
      }
    }
    this.#arm();
  }

  /**
   * Something became of this link: tasks that it prompts start soon, once for all that happens until then. The next
   * beat follows from there.
   */
  prompt(by: LinkKind): void {
    const now = this.#options.nowMs();
    for (const entry of this.#entries.values()) {
      const { key, prompt } = entry.task;
      if (prompt?.by !== by || entry.prompted) continue;
      const oldest = this.#lastPrompted.get(key)?.at(-promptsAtOnce) ?? Number.NEGATIVE_INFINITY;
      const allowed = oldest + promptsAtOnce * prompt.apartS * 1000;
      const beat = Math.max(now + this.#random() * spreadMs, allowed);
      if (beat >= entry.beat) continue;
      entry.prompted = true;
      this.#plan(entry, beat);
    }
    this.#arm();
  }

  /** Starts nothing more; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await Promise.all(this.#running);
  }

  #wake(): void {
    this.#options.onWake();
    const now = this.#options.nowMs();
    for (const entry of this.#entries.values()) if (entry.due <= now) this.#serve(entry, now);
    this.#arm();
  }

  /** Starts a due task, or leaves this start out, and plans the next. */
  #serve(entry: Entry, now: number): void {
    const { task } = entry;
    const everyMs = intervalMs(task);
    if (now - entry.due > everyMs / 2) {
      this.#plan(entry, this.#anew(task));
      return;
    }
    if (entry.running) {
      this.#skipped += 1;
      // A gateway that is silent holds its own probe up, and nothing else.
      this.#startFollowers(task.key);
    } else if (!task.heavy || !this.#options.lessonNear()) this.#start(entry, now);
    entry.prompted = false;
    // The first run is soon, the beat anywhere: what a whole county was told in one second is not asked in one second.
    const steps = entry.settled || everyMs <= steppedMs || task.everyS === undefined;
    entry.settled = true;
    this.#plan(entry, entry.beat + everyMs * (steps ? 1 : this.#random()));
  }

  #start(entry: Entry, now: number): void {
    const { key } = entry.task;
    entry.running = true;
    this.#lastStart.set(key, now);
    if (entry.prompted)
      this.#lastPrompted.set(key, [...(this.#lastPrompted.get(key) ?? []), now].slice(-promptsAtOnce));
    const run = entry.task
      .run()
      .catch((error: unknown) => this.#options.onError(key, error))
      .finally(() => {
        entry.running = false;
        this.#running.delete(run);
      });
    this.#running.add(run);
    this.#thenFollowers(key, run);
  }

  /** Starts what follows this task, once. */
  #thenFollowers(key: string, run: Promise<void>): void {
    if (![...this.#entries.values()].some(({ task }) => task.follows === key)) return;
    let begun = false;
    const begin = () => {
      cancel();
      if (!begun && !this.#stopped) {
        // The machine may have slept since the task began: what begins now is of now.
        this.#options.onWake();
        this.#startFollowers(key);
      }
      begun = true;
    };
    const cancel = this.#options.timers.after(answerMs, begin);
    void run.then(begin);
  }

  #startFollowers(key: string): void {
    const now = this.#options.nowMs();
    for (const entry of this.#entries.values()) {
      if (entry.task.follows !== key) continue;
      if (entry.running || now < this.#earliest(entry)) this.#skipped += 1;
      else this.#start(entry, now);
    }
  }

  /** Before then the task would overwrite what it measured last. */
  #earliest({ task }: Entry): number {
    return (this.#lastStart.get(task.key) ?? Number.NEGATIVE_INFINITY) + closestMs;
  }

  #plan(entry: Entry, beat: number): void {
    const jitter = this.#random() * Math.min(jitterMs, intervalMs(entry.task) / 10);
    entry.beat = beat;
    entry.due = Math.max(beat + jitter, this.#earliest(entry));
  }

  /** A beat at random, soon. */
  #anew(task: ScheduledTask): number {
    if (task.everyS === undefined) return Number.POSITIVE_INFINITY;
    return this.#options.nowMs() + this.#random() * Math.min(spreadMs, intervalMs(task));
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#stopped) return;
    let due = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) due = Math.min(due, entry.due);
    if (due === Number.POSITIVE_INFINITY) return;
    // A timer may fire a fraction of a millisecond early; a whole one later saves the second wake.
    const wait = Math.max(1, Math.ceil(due - this.#options.nowMs()) + 1);
    this.#cancelTimer = this.#options.timers.after(wait, () => this.#wake());
  }
}

function intervalMs({ everyS }: ScheduledTask): number {
  return (everyS ?? Number.POSITIVE_INFINITY) * 1000;
}
