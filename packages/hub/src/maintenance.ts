import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { TelemetryStore } from '@tongtang/store/telemetry';

const everyMs = 60_000;

/**
 * Has the store bring its rollups up to date each minute; the next minute begins when that is done.
 * @param nowS hub time in seconds
 * @param mayRun whether the clock is believed: by a wrong one right data would be removed
 * @returns how to stop; resolves when nothing is under way any more
 */
export function startMaintenance(
  telemetry: Pick<TelemetryStore, 'maintain'>,
  log: Log,
  nowS: () => number,
  mayRun: () => boolean,
): () => Promise<void> {
  let running = Promise.resolve();
  let timer = setTimeout(look, everyMs);
  let stopped = false;

  function look(): void {
    running = (mayRun() ? telemetry.maintain(nowS()) : Promise.resolve())
      .catch((error: unknown) => log.error({ error: messageOf(error) }, 'maintenance of the store failed'))
      .finally(() => {
        if (!stopped) timer = setTimeout(look, everyMs);
      });
  }

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
