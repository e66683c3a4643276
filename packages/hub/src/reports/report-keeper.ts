import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import { scopeOf } from '@tongtang/reports/make-report';
import { monthPeriod } from '@tongtang/reports/period';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { AgentRegistry } from '@tongtang/store/registry/registry';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { ScheduleDocument } from './documents.ts';
import type { Jobs } from './jobs.ts';
import type { PostRoom } from './post-room.ts';
import { theHub } from './report-book.ts';
import type { ReportWork } from './report-work.ts';
import { type Due, dueOf, monthsDue, scheduleOf } from './schedule.ts';

export type ReportKeeperParts = Readonly<{
  store: IssuedReports;
  registry: Pick<AgentRegistry, 'inventories' | 'timetable'>;
  settledTo: (county: string) => number | undefined;
  work: ReportWork;
  jobs: Jobs;
  post: PostRoom;
  isSimulated: boolean;
  /** Whether the clock is believed, and nothing more urgent is to be done. */
  mayRun: () => boolean;
  log: Log;
  nowS: () => number;
}>;

/** What data come late for is looked at once a day: so there is a revision a day at most. Seconds. */
const checkAfterS = 86_400;
/**
 * Agents keep what they measured for a month, and what a bureau corrects by hand it does within the term; after that a report stands, and is
 * looked at only where somebody asks for it again.
 */
const checkedForDays = 100;
/** After what went wrong. Seconds. */
const againAfterS = 3600;

/** Does what nobody has to ask for: monthly reports when they are due, revisions where data came late, and letters. */
export class ReportKeeper {
  readonly #parts: ReportKeeperParts;
  /** By county: what went wrong with its monthly report. */
  readonly #troubles = new Map<string, Readonly<{ at: number; error: string }>>();

  constructor(parts: ReportKeeperParts) {
    this.#parts = parts;
  }

  /** Why the monthly report of a county was not made the last time. */
  troubleOf(county: string): string | undefined {
    return this.#troubles.get(county)?.error;
  }

  /** Whether a report is due, and what was measured last is still to be settled, as after a time without a hub. */
  waitsFor({ at, date }: Due, { county: { id, timezone } }: Inventory): boolean {
    const { settledTo, nowS } = this.#parts;
    const end = secondsAt(`${date.slice(0, 7)}-01`, '00:00', timezone);
    return at <= nowS() && (settledTo(id) ?? 0) < end;
  }

  /** One look; nothing that goes wrong in it stops the next. */
  async look(): Promise<void> {
    const { jobs, post, mayRun, log } = this.#parts;
    await post.look();
    if (!mayRun()) return;
    try {
      await jobs.inTurn(async () => {
        for (const inventory of this.#parts.registry.inventories()) await this.#scheduled(inventory);
        await this.#late();
      });
    } catch (error) {
      log.error({ error: messageOf(error) }, 'reports are not kept');
    }
    await post.look();
  }

  async #scheduled(inventory: Inventory): Promise<void> {
    const { store, registry, nowS, log } = this.#parts;
    const { id: county, timezone } = inventory.county;
    const schedule = scheduleOf(store, county);
    const kept = store.schedule(county);
    if (kept === undefined || !schedule.on) return;
    const now = nowS();
    const trouble = this.#troubles.get(county);
    if (trouble !== undefined && now - trouble.at < againAfterS) return;
    const timetable = registry.timetable(county);
    const due = monthsDue({ since: kept.since, now, timezone }, store.runs(county), (month) =>
      dueOf(month, schedule, inventory, timetable),
    );
    for (const one of due) {
      if (this.waitsFor(one, inventory)) return;
      try {
        await this.#make(inventory, schedule, one);
        this.#troubles.delete(county);
      } catch (error) {
        this.#troubles.set(county, { at: now, error: messageOf(error) });
        log.error({ county, month: one.month, error: messageOf(error) }, 'a monthly report was not made');
        return;
      }
    }
  }

  async #make(
    inventory: Inventory,
    { scope: { kind, id }, objective }: ScheduleDocument,
    { month }: Due,
  ): Promise<void> {
    const { registry, work, isSimulated } = this.#parts;
    const [scope, period] = [scopeOf(inventory, kind, id), monthPeriod(month)];
    if (scope === undefined || period === undefined) throw new Error(`there is no ${kind} "${id}" any more`);
    await work.make(
      {
        inventory,
        timetable: registry.timetable(inventory.county.id),
        scope,
        period,
        objective: { part: objective, of: 10_000 },
        isSimulated,
      },
      { why: 'scheduled', who: theHub, month },
    );
  }

  async #late(): Promise<void> {
    const { store, work, nowS, log } = this.#parts;
    const now = nowS();
    const lastDay = plusDays(dayOf(now, 'UTC'), -checkedForDays);
    const report = store.unchecked({ before: now - checkAfterS, lastDay });
    if (report === undefined) return;
    try {
      await work.recheck(report);
    } catch (error) {
      store.checked(report.id, now, report.checkedInputs);
      log.error({ report: report.id, error: messageOf(error) }, 'a report was not looked at for late data');
    }
  }
}

const everyMs = 60_000;
const firstMs = 10_000;

/** Looks each minute. @returns how to stop; resolves when nothing is under way any more */
export function startReportKeeper(keeper: Pick<ReportKeeper, 'look'>): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  let timer = setTimeout(look, firstMs);

  function look(): void {
    running = keeper.look().finally(() => {
      if (!stopped) timer = setTimeout(look, everyMs);
    });
  }

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
