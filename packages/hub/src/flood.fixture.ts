import { type DecodedSample, decodeLine } from '@tongtang/wire/line-protocol';

/** Each second against so many targets for 85 minutes: 255,000 samples, within all that an agent may send. */
const [targets, seconds] = [50, 5100];

/** What a stolen or broken agent measured from a time on: more than anybody weighs. */
export function flood(from: number): DecodedSample[] {
  return Array.from({ length: targets * seconds }, (_, at) => {
    const target = `t${Math.floor(at / seconds)}`;
    const line = `stamp,link=broadband,target=${target} ok=true,rtt_ms=20 ${from + (at % seconds)}`;
    const sample = decodeLine(line);
    if ('reason' in sample) throw new Error(sample.reason);
    return sample;
  });
}
