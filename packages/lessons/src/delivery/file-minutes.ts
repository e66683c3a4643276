import type { LinkSample } from '@tongtang/model/link-evidence';
import type { Stretch } from './machine-minutes.ts';
import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { firstFrom } from './probe-runs.ts';

/** The folder of recorded lessons is looked at every five minutes; one look counts for three. Seconds. */
const freshS = 900;

/**
 * Whether recorded lessons lay on a PC: `good` where there were files in their folder, `down` where it was empty or could not be read.
 * Undefined where nobody looked.
 * @param machine its minutes in the stretch: while it is off nothing is known
 */
export function fileMinutes(
  samples: readonly LinkSample[],
  { from }: Stretch,
  machine: Minutes,
): MinuteState[] | undefined {
  const looks = samples
    .filter(({ measurement }) => measurement === 'lesson_files')
    .map(({ time, fields: { readable, entries } }) => ({
      time,
      isThere: readable === true && typeof entries === 'number' && entries > 0,
    }))
    .sort((a, b) => a.time - b.time || Number(a.isThere) - Number(b.isThere));
  if (looks.length === 0) return undefined;
  return machine.map((state, index) => {
    const start = from + index * minuteS;
    const next = firstFrom(looks, start + minuteS);
    const last = looks[next - 1];
    const look = last !== undefined && start + minuteS - last.time <= freshS ? last : undefined;
    if (state !== 'good' || look === undefined) return 'unknown';
    return look.isThere ? 'good' : 'down';
  });
}

/** What is left of a recorded lesson's minutes where its files were not there when it began, as far as anybody looked. */
export function withFiles(minutes: Minutes, files: readonly Minutes[]): Minutes {
  const atStart = files.map((own) => own.find((state) => state !== 'unknown'));
  if (atStart.includes('good') || !atStart.includes('down')) return minutes;
  return minutes.map((state) => (state === 'good' || state === 'degraded' ? 'down' : state));
}
