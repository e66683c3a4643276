import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import type { NewSample, Outbox, OutboxLimits } from './outbox.ts';
import { openOutbox } from './sqlite-outbox.ts';

const log = createLog('error');
export const plenty = { samples: 1000, bytes: 1_000_000 };
export const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-outbox-')), 'outbox.db');
export const open = (path: string, boot = 'boot-1', limits: Partial<OutboxLimits> = {}): Outbox =>
  openOutbox({ path, boot, log, limits });
export const sample = (rtt: number, time: NewSample['time'] = 1_790_000_000 + rtt): NewSample => ({
  line: `ping,link=lan,target=gateway ok=true,rtt_ms=${rtt}`,
  time,
});
/** Larger than SQLite's cache after some hundred. */
export const bulky = (): NewSample => ({
  line: `ping,link=lan,target=gateway ok=false,error="${randomBytes(600).toString('hex')}"`,
  time: 1_790_000_000,
});
export const rtts = (lines: readonly string[] | undefined): number[] =>
  (lines ?? []).map((line) => Number(/rtt_ms=(\d+)/.exec(line)?.[1]));

export const silent = createLog('error').child({}, { level: 'silent' });
