import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { RollupJournal } from './late.ts';

describe('the journal of rollups', () => {
  it('keeps a slot that was marked again while it was being rolled up, and one of a later restart', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tongtang-journal-')), 'rollup.db');
    const journal = new RollupJournal(path, () => 600, createLog('error'));
    journal.mark([
      ['ping', 'a1', 0],
      ['ping', 'a1', 600],
      ['dns', 'a2', 600],
    ]);
    const taken = journal.late(6000, 10);
    expect(taken).toHaveLength(3);
    journal.mark([['ping', 'a1', 600]]);
    journal.done(taken);
    journal.close();
    const again = new RollupJournal(path, () => 1200, createLog('error'));
    expect(again.progress.get('rolled')).toBe(600);
    const left = again.late(6000, 10);
    expect(left).toMatchObject([{ measurement: 'ping', agent: 'a1', slot: 600 }]);
    again.mark([['ping', 'a1', 600]]);
    again.done(left);
    expect(again.late(6000, 10)).toHaveLength(1);
    expect(again.late(600, 10)).toEqual([]);
    again.close();
  });
});
