import { median } from '../median.ts';
import { type SignalFigure, signalFigures } from '../signal/receiver-signal.ts';
import type { FrontendSample } from './frontend-sample.ts';

/** Nought is a good figure of these; of the others a driver that is in trouble says it, locked or not. */
const mayBeNought: ReadonlySet<SignalFigure> = new Set(['ber_pre', 'ber_post', 'per', 'uncorrected']);

/**
 * One reading out of the samples of a run, of which there is one at least. The lock is lost only where most samples say so.
 * Figures are medians over the samples that agree with that; a counter, which cannot fall within a run, is the highest.
 */
export function combine(samples: readonly FrontendSample[]): FrontendSample {
  const lost = samples.filter(({ locked }) => !locked).length > samples.length / 2;
  const agreeing = samples.filter(({ locked }) => locked !== lost);
  return {
    locked: !lost,
    figures: Object.fromEntries(
      signalFigures.flatMap((name) => {
        const values = agreeing
          .flatMap(({ figures }) => figures[name] ?? [])
          .filter((value) => value !== 0 || mayBeNought.has(name));
        const value = name === 'uncorrected' ? Math.max(...values) : median(values);
        return values.length === 0 ? [] : [[name, value]];
      }),
    ),
    told: agreeing.at(-1)?.told ?? {},
  };
}
