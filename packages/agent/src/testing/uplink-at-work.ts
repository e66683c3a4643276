import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outbox } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog, type Log } from '@tongtang/runtime/log';
import type { Config } from '@tongtang/wire/messages';
import { HubClock } from '../clock.ts';
import { Intake } from '../intake.ts';
import { LessonWindows } from '../lessons.ts';
import { systemTimers } from '../timers.ts';
import { ByteBudget } from '../uplink/byte-budget.ts';
import { Uplink, type UplinkOptions } from '../uplink/uplink.ts';

export const testLog: Log = createLog('error');

export const testAddress = { county: 'qilian', school: 'hb3z', agent: 'pc-1' } as const;
export const testTopic = 'tongtang/v1/qilian/hb3z/pc-1';

/** An uplink with a real outbox and a real clock, and a folder to be removed. */
export class UplinkAtWork {
  readonly folder: string;
  readonly outbox: Outbox;
  readonly clock: HubClock;
  readonly budget = new ByteBudget();
  readonly configs: Config[] = [];
  readonly uplink: Uplink;
  readonly #intake: Intake;
  #taken = 0;

  constructor(port: number, password: string, options: Partial<UplinkOptions> = {}, folder?: string) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'tongtang-uplink-'));
    this.clock = options.clock ?? new HubClock();
    this.outbox = openOutbox({ path: join(this.folder, 'outbox.db'), boot: 'boot-of-test', log: testLog });
    this.#intake = new Intake(this.outbox, this.clock, 'boot-of-test', () => true);
    this.uplink = new Uplink({
      broker: { protocol: 'mqtt', host: '127.0.0.1', port },
      address: testAddress,
      password,
      outbox: this.outbox,
      clock: this.clock,
      timers: systemTimers,
      budget: this.budget,
      log: testLog,
      lessons: () => new LessonWindows([]),
      hubReads: () => ({ dictionary: false, following: false }),
      facts: () => ({ boot: 'bootbootboot', version: '0', startedAt: 1 }),
      beforeSend: () => this.#intake.flush(),
      onConfig: (config) => this.configs.push(config),
      onTime: () => {
        if (this.#intake.resolveTimes()) this.uplink.samplesPlaced();
      },
      onChange: () => {},
      ...options,
    });
  }

  /** Puts samples of one second each into the outbox, the last one now. */
  measure(count: number): void {
    const nowMs = this.clock.localMs();
    for (let ago = count - 1; ago >= 0; ago -= 1)
      this.#intake.take(
        [
          {
            measurement: 'ping',
            tags: { link: 'lan', target: `t${this.#taken++ % 7}` },
            fields: { ok: true, rtt_ms: Math.random() * 100, duration_ms: Math.random() * 1000 },
          },
        ],
        nowMs - ago * 1000,
      );
    this.#intake.flush();
  }

  async end(): Promise<void> {
    await this.uplink.stop();
    this.outbox.close();
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
