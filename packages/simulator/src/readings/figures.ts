import type { Fields } from '@tongtang/model/sample';

/** The outcome of a run that failed, as packages/probes/src/runner.ts writes it. */
export function failed(
  failure: 'agent' | 'resolver' | 'path' | 'target',
  error: string,
  durationMs: number,
  fields: Fields = {},
): Fields {
  return { ok: false, duration_ms: Math.round(durationMs), failure, error, ...fields };
}

export function between(draw: () => number, low: number, high: number): number {
  return low + (high - low) * draw();
}

export function decimals(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
