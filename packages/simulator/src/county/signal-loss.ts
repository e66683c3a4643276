import type { Fault } from '../faults/script.ts';
import { Noise } from './noise.ts';

/** How deep rain that hurts goes, and how far a dish is pushed aside, in dB of C/N. Storms on roofs do the latter. */
const depthDb = { rain: { least: 4, most: 12 }, mispointing: { least: 3.8, most: 4.4 } } as const;

/** What a fault takes from C/N at a school, dB; nothing where it is of another kind or not on. */
export function signalLossDb(seed: number, fault: Fault, school: string, time: number): number {
  const { kind, begin, end } = fault;
  if (time < begin || time >= end || (kind !== 'rain' && kind !== 'mispointing')) return 0;
  const noise = new Noise(seed, `${kind} ${begin}`);
  const { least, most } = depthDb[kind];
  const depth = least + (most - least) * noise.at(0);
  if (kind === 'mispointing') return depth;
  // One shower for all of them: it comes to each a little sooner or later, and a little less here than there.
  const own = new Noise(seed, `${begin} ${school}`);
  const shift = fault.place.kind === 'school' ? 0 : 0.15 * (own.at(0) - 0.5);
  const share = Math.min(1, Math.max(0, (time - begin) / (end - begin) + shift));
  const height = fault.place.kind === 'school' ? 1 : 1 - 0.25 * own.at(1);
  return depth * height * Math.sin(Math.PI * share) ** 2 * (1 + 0.06 * own.wander(time, 90));
}
