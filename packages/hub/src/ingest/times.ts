import { acceptedFrom } from '@tongtang/store/rollup/slots';
import { type DecodedSample, textOf } from '@tongtang/wire/line-protocol';

/** Clocks of agents are set by the hub's own (STAMP, commit): more than this ahead is a clock that was never set. */
const aheadS = 300;

export type Unusable = Readonly<{ line: string; reason: string; kind: 'line' | 'future' | 'old' | 'store' }>;

/**
 * Parts samples whose time can be right from those that are in the future or past their retention.
 * @param now hub time in seconds
 */
export function checkTimes(
  samples: readonly DecodedSample[],
  now: number,
): { usable: readonly DecodedSample[]; unusable: readonly Unusable[] } {
  const latest = now + aheadS;
  const earliest = acceptedFrom(now);
  const inTime = ({ time }: DecodedSample): boolean => time <= latest && time >= earliest;
  if (samples.every(inTime)) return { usable: samples, unusable: [] };
  return {
    usable: samples.filter(inTime),
    unusable: samples
      .filter((sample) => !inTime(sample))
      .map((sample) => {
        const { time } = sample;
        const line = textOf(sample);
        return time > latest
          ? { line, kind: 'future', reason: `time is ${Math.round(time - now)} s in the future` }
          : {
              line,
              kind: 'old',
              reason: `time is ${Math.floor((now - time) / 86_400)} days ago, past retention`,
            };
      }),
  };
}
