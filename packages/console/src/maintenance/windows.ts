import type { MaintenanceWindow } from '../api/answers.ts';

export const windowGroups = ['running', 'coming', 'past'] as const;
export type WindowGroup = (typeof windowGroups)[number];

/** The windows that are on, that come, the next first, and that are over, the latest first. */
export function grouped(
  windows: readonly MaintenanceWindow[],
  now: number,
): Readonly<Record<WindowGroup, readonly MaintenanceWindow[]>> {
  const start = ({ next }: MaintenanceWindow): number => next?.start ?? 0;
  const end = (window: MaintenanceWindow): number => (window.kind === 'once' ? window.end : 0);
  const ahead = windows.filter(({ kind, next }) => kind === 'weekly' || (next?.end ?? 0) > now);
  return {
    running: ahead.filter((window) => start(window) <= now).sort((a, b) => start(a) - start(b)),
    coming: ahead.filter((window) => start(window) > now).sort((a, b) => start(a) - start(b)),
    past: windows.filter((window) => !ahead.includes(window)).sort((a, b) => end(b) - end(a)),
  };
}
