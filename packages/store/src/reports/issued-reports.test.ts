import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it, vi } from 'vitest';
import { type IssuedReports, openIssuedReports } from './issued-reports.ts';
import type { KeptReport } from './revisions.ts';

const log = createLog('error');
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-issued-')), 'reports.db');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function report(id: string, more: Partial<KeptReport> = {}): KeptReport {
  return {
    id,
    county: 'qilian',
    key: id,
    lastDay: '2026-11-30',
    document: '{}',
    madeAt: 100,
    checkedAt: 100,
    checkedInputs: 'a',
    ...more,
  };
}

function keep(store: IssuedReports, id: string, number = 1, more: Partial<KeptReport> = {}): void {
  store.keepReport(report(id, more));
  store.keepRevision({
    report: id,
    number,
    state: 'issued',
    why: 'asked',
    madeAt: 100,
    madeBy: 'li',
    fingerprint: 'f',
    inputs: 'a',
    head: '{}',
    document: '{}',
    changes: '[]',
    tables: bytes('tables'),
    source: bytes('source'),
    files: [{ format: 'html', language: 'zh', content: bytes('page') }],
  });
}

describe('issued reports', () => {
  it('are there again after a restart, the newest first, by county and school', () => {
    const path = place();
    const store = openIssuedReports(path, log);
    keep(store, 'r-1', 1, { madeAt: 100 });
    keep(store, 'r-2', 1, { madeAt: 200, school: 'babao' });
    keep(store, 'r-3', 1, { madeAt: 300, county: 'menyuan' });
    store.close();
    const again = openIssuedReports(path, log);
    const ids = (query: Parameters<IssuedReports['list']>[0]): string[] =>
      again.list(query).map(({ id }) => id);
    expect(ids({ limit: 9 })).toEqual(['r-3', 'r-2', 'r-1']);
    expect(ids({ limit: 1, before: 300 })).toEqual(['r-2']);
    expect(ids({ limit: 9, county: 'qilian' })).toEqual(['r-2', 'r-1']);
    expect(ids({ limit: 9, school: 'babao' })).toEqual(['r-2']);
    expect(again.findKey('r-1')).toEqual(report('r-1'));
    expect(again.file('r-1', 1, 'html', 'zh')).toEqual(bytes('page'));
    expect(again.text('r-1', 1)).toEqual({ document: '{}', changes: '[]' });
    expect(again.basis('r-1', 1)).toEqual({ tables: bytes('tables'), source: bytes('source') });
    again.close();
  });

  it.each([
    'UPDATE revision SET document = \'{"better":true}\'',
    "UPDATE revision SET fingerprint = 'g'",
    'DELETE FROM revision',
    "UPDATE file SET content = x'00'",
    'DELETE FROM file',
  ])('cannot be changed, not even by us: %s', (statement) => {
    const path = place();
    const store = openIssuedReports(path, log);
    keep(store, 'r-1');
    const database = new DatabaseSync(path);
    expect(() => database.exec(statement)).toThrow(/an issued report is not (changed|removed)/);
    database.close();
    // What became of it can.
    store.setState('r-1', 1, 'withdrawn');
    store.keepFile('r-1', 1, { format: 'pdf', language: 'zh', content: bytes('paper') });
    store.keepFile('r-1', 1, { format: 'pdf', language: 'zh', content: bytes('other paper') });
    expect(store.revisions('r-1')).toMatchObject([{ state: 'withdrawn', fingerprint: 'f' }]);
    expect(store.file('r-1', 1, 'pdf', 'zh')).toEqual(bytes('paper'));
    store.close();
  });

  it('are looked at in turn, those whose inputs may still change', () => {
    const store = openIssuedReports(place(), log);
    keep(store, 'r-1', 1, { checkedAt: 100 });
    keep(store, 'r-2', 1, { checkedAt: 50, lastDay: '2026-06-30' });
    keep(store, 'r-3', 1, { checkedAt: 60 });
    store.setState('r-3', 1, 'withdrawn');
    const next = (before: number) => store.unchecked({ before, lastDay: '2026-09-01' })?.id;
    expect([next(100), next(101)]).toEqual([undefined, 'r-1']);
    store.checked('r-1', 200, 'b');
    expect(next(101)).toBeUndefined();
    expect(store.find('r-1')).toMatchObject({ checkedAt: 200, checkedInputs: 'b' });
    store.close();
  });

  it('are entered together with their letters, or not at all', () => {
    const store = openIssuedReports(place(), log);
    const letter = {
      id: 'l-1',
      county: 'qilian',
      kind: 'issued',
      to: 'a@b.cn',
      language: 'zh',
      at: 1,
    } as const;
    expect(() =>
      store.together(() => {
        keep(store, 'r-1');
        store.write({ ...letter, report: 'r-1', number: 1 });
        throw new Error('killed');
      }),
    ).toThrow('killed');
    expect([store.list({ limit: 9 }), store.openLetters()]).toEqual([[], []]);
    store.write({ ...letter, report: 'r-1', number: 1 });
    store.write({ ...letter, id: 'l-2', kind: 'trial' });
    expect(store.openLetters().map(({ id, state }) => [id, state])).toEqual([
      ['l-1', 'waiting'],
      ['l-2', 'waiting'],
    ]);
    expect([store.lastTrial('qilian')?.id, store.lastTrial('menyuan')]).toEqual(['l-2', undefined]);
    store.setLetter('l-1', 'failed', '550');
    expect(store.letters('r-1')).toMatchObject([{ id: 'l-1', state: 'failed', why: '550' }]);
    expect(store.openLetters().map(({ id }) => id)).toEqual(['l-2']);
    store.close();
  });

  it('of a month are made once', () => {
    const store = openIssuedReports(place(), log);
    store.keepSchedule({ county: 'qilian', document: '{"on":true}', since: 5 });
    store.ran('qilian', { month: '2026-10', at: 1, outcome: 'nothing' });
    store.ran('qilian', { month: '2026-11', at: 2, outcome: 'issued', report: 'r-1' });
    expect(() => store.ran('qilian', { month: '2026-11', at: 3, outcome: 'unchanged' })).toThrow(/UNIQUE/);
    expect(store.runs('qilian').map(({ month }) => month)).toEqual(['2026-11', '2026-10']);
    expect(store.schedules()).toEqual([{ county: 'qilian', document: '{"on":true}', since: 5 }]);
    expect(store.schedule('menyuan')).toBeUndefined();
    store.close();
  });

  it('of a damaged file are set aside, loudly, and new ones begin', () => {
    const path = place();
    writeFileSync(path, 'this is no database, and long enough to be taken for a damaged one'.repeat(20));
    const error = vi.spyOn(log, 'error').mockReturnValue();
    const store = openIssuedReports(path, log);
    expect(error).toHaveBeenCalled();
    keep(store, 'r-1');
    store.close();
    expect(readdirSync(dirname(path)).some((name) => name.startsWith('reports.db.damaged-'))).toBe(true);
    error.mockRestore();
  });
});
