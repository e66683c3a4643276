import { type Exclusion, exclusionsOf, type MaintenanceWindow } from '@tongtang/incidents/maintenance-window';

/** Announced work with what was said of it. */
export type Work = Exclusion & Readonly<{ note: string }>;

/** Announced work of a county in a span, with the notes that people made. Hub time in seconds. */
export function workIn(
  windows: readonly MaintenanceWindow[],
  timezone: string,
  from: number,
  to: number,
): Work[] {
  return windows.flatMap((window) =>
    exclusionsOf([window], timezone, from, to).map((one) => ({ ...one, note: window.note })),
  );
}
