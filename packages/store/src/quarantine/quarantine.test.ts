import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { openQuarantine, type QuarantineItem } from './quarantine.ts';

const log = createLog('error');
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-quarantine-')), 'quarantine.db');
const item = (number: number, bytes = 10): QuarantineItem => ({
  time: 1_800_000_000 + number,
  agent: `a${number}`,
  topic: `tongtang/v1/county/school/a${number}/telemetry`,
  reason: 'not a zlib stream',
  payload: new Uint8Array(bytes).fill(number),
});

describe('the quarantine', () => {
  it('shows what was kept, the newest first, also after a restart', () => {
    const path = place();
    const quarantine = openQuarantine(path, log);
    const { agent: _, ...unknown } = item(2);
    quarantine.keep([item(1), unknown]);
    quarantine.close();
    const again = openQuarantine(path, log);
    expect(again.list(10)).toEqual([
      { ...unknown, id: 2, bytes: 10 },
      { ...item(1), id: 1, bytes: 10 },
    ]);
    expect(again.list(1)).toHaveLength(1);
    again.close();
  });

  it.each([
    ['items', { items: 3, bytes: 1e6, payloadBytes: 1e6 }],
    ['bytes', { items: 100, bytes: 30, payloadBytes: 1e6 }],
  ])('holds no more %s than its limit, drops the oldest and counts them', (_, limits) => {
    const quarantine = openQuarantine(place(), log, limits);
    for (let number = 1; number <= 5; number += 1) quarantine.keep([item(number)]);
    expect(quarantine.list(10).map(({ agent }) => agent)).toEqual(['a5', 'a4', 'a3']);
    expect(quarantine.counts()).toEqual({ items: 3, bytes: 30, dropped: 2 });
    quarantine.close();
  });

  it('cuts a long payload and says how long it was', () => {
    const quarantine = openQuarantine(place(), log, { items: 3, bytes: 1e6, payloadBytes: 4 });
    quarantine.keep([item(7)]);
    expect(quarantine.list(1)).toMatchObject([{ payload: new Uint8Array([7, 7, 7, 7]), bytes: 10 }]);
    quarantine.close();
  });
});
