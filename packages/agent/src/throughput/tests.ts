import type { Reading } from '@tongtang/model/sample';
import type { HubAccount, ProbeContext, ProbeTarget } from '@tongtang/probes/probe';
import { runProbe } from '@tongtang/probes/runner';
import { throughput } from '@tongtang/probes/throughput/probe';
import type { Log } from '@tongtang/runtime/log';
import type { GiveWay } from './give-way.ts';
import type { TestTurns } from './turns.ts';

/** How often it is looked whether a test is due. Seconds. */
export const lookEveryS = 20;

export type TestsOptions = Readonly<{
  turns: TestTurns;
  giveWay: GiveWay;
  hub: HubAccount;
  /** Hub time in seconds; undefined while it is not known, and with it when lessons are. */
  hubS: () => number | undefined;
  /** Until when no lesson is near, hub time in seconds; undefined where one is. */
  quietUntilS: (nowS: number) => number | undefined;
  log: Log;
}>;

/** Tests of the throughput: one at a time, when their turn has come, broken off where they disturb. */
export class ThroughputTests {
  readonly #options: TestsOptions;
  #running = false;

  constructor(options: TestsOptions) {
    this.#options = options;
  }

  /** @returns what was measured; nothing where no test is due, or the target had no room for one */
  async testIfDue(
    key: string,
    everyS: number,
    target: ProbeTarget,
    context: ProbeContext,
  ): Promise<Reading[]> {
    const { turns, giveWay, hub, hubS, quietUntilS, log } = this.#options;
    const nowS = hubS();
    const untilS = nowS === undefined ? undefined : quietUntilS(nowS);
    if (this.#running || nowS === undefined || untilS === undefined) return [];
    if (!turns.isDue(key, everyS, nowS, untilS)) return [];
    this.#running = true;
    turns.began(key, everyS, nowS);
    try {
      let retryAfterS: number | undefined;
      const onBusy = (seconds: number): void => {
        retryAfterS = seconds;
      };
      const reading = await runProbe(throughput, target, {
        ...context,
        hub,
        giveWay: giveWay.begin(),
        onBusy,
      });
      if (retryAfterS !== undefined) {
        log.info({ target: target.target, retryAfterS }, 'no room for a throughput test');
        turns.busy(key, nowS, retryAfterS);
        return [];
      }
      if (reading.fields.ok !== true) turns.failed(key, nowS);
      return [reading];
    } finally {
      giveWay.end();
      this.#running = false;
    }
  }
}
