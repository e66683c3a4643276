import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IncidentFold } from '@tongtang/incidents/fold';
import { countyOf, monday } from '@tongtang/incidents/testing/county';
import type { Notice } from '@tongtang/model/notice';
import { openDatabase } from '@tongtang/runtime/database';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { damage } from '../meddle.fixture.ts';
import { type IncidentRecord, listed, openIncidentStore } from './incident-store.ts';
import { schema } from './schema.ts';

const log = createLog('error');
const place = (): string => join(mkdtempSync(join(tmpdir(), 'tongtang-incidents-')), 'incidents.db');

function record(id: string, from: number, more: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id,
    state: 'open',
    place: { node: 'broadband', county: 'qilian', school: 's1' },
    cause: 'line-cut',
    confidence: 'high',
    row: 'own-line',
    from,
    openedAt: from + 20,
    flapping: false,
    evidence: [{ condition: 'hub-lost', school: 's1', classroom: 'c1', agent: 'a1', from }],
    history: [{ time: from + 20, what: 'opened' }],
    severity: 'warning',
    lessons: [],
    telling: { foundAt: from + 21, step: 0 },
    ...more,
  };
}
const notice: Notice = {
  incident: 'i1',
  step: 1,
  kind: 'opened',
  severity: 'warning',
  county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  what: { zh: '地网故障', en: 'broadband fails' },
  cause: { zh: '断线', en: 'cut' },
  checks: [],
  lessons: [],
  since: 100,
  at: 120,
  evidence: 'measured',
  page: '/incidents/i1',
};

describe('the store of incidents', () => {
  it('gives incidents of a span, the newest first, also after a restart', () => {
    const path = place();
    const store = openIncidentStore(path, log);
    const over = record('i1', 100, { to: 200, state: 'resolved' });
    const lasting = record('i2', 150);
    const elsewhere = record('i3', 160, { place: { node: 'hub', county: 'menyuan' } });
    store.enter([over, lasting, elsewhere], []);
    store.close();
    const again = openIncidentStore(path, log);
    const ids = (query: Parameters<typeof again.list>[0]) => again.list(query).map(({ id }) => id);
    expect(again.list({ from: 0, to: 1000 })).toEqual([elsewhere, lasting, over]);
    expect(again.ids()).toEqual(['i3', 'i2', 'i1']);
    expect(ids({ county: 'qilian', from: 201, to: 1000 })).toEqual(['i2']);
    expect(ids({ county: 'qilian', from: 0, to: 149 })).toEqual(['i1']);
    // One of the whole county is of each school in which it shows.
    expect(ids({ school: 's1', from: 0, to: 1000 })).toEqual(['i3', 'i2', 'i1']);
    expect(ids({ school: 's2', from: 0, to: 1000 })).toEqual([]);
    expect(again.find('i2')).toEqual(lasting);
    expect(again.find('i4')).toBeUndefined();
    again.close();
  });

  it.each(Object.entries(listed))('finds what lasted without going through all that was: %s', (_, text) => {
    const { database } = openDatabase(place(), { migrations: schema, durability: 'normal' });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all();
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^SEARCH key USING COVERING INDEX incident_ended(_in)? \((county=\? AND )?ended[=>]/,
      ),
      'SEARCH incident USING PRIMARY KEY (county=? AND id=?)',
    ]);
    database.close();
  });

  it('gives what a file holds that was made before', () => {
    const path = place();
    const { database } = openDatabase(path, { migrations: schema.slice(0, 1), durability: 'normal' });
    const [over, lasting] = [record('i1', 100, { to: 200, state: 'resolved' }), record('i2', 150)];
    const put = database.prepare('INSERT INTO incident VALUES (?, ?, ?, ?, ?, ?)');
    for (const one of [over, lasting])
      put.run('qilian', one.id, one.from, one.to ?? null, one.state, JSON.stringify(one));
    database.close();
    const store = openIncidentStore(path, log);
    expect(store.list({ county: 'qilian', from: 0, to: 1000 })).toEqual([lasting, over]);
    store.close();
  });

  it('enters an incident again in its place', () => {
    const store = openIncidentStore(place(), log);
    store.enter([record('i1', 100)], []);
    // Late data moved its beginning.
    const corrected = record('i1', 80, { to: 200, state: 'resolved' });
    store.enter([corrected], []);
    expect(store.list({ from: 0, to: 1000 })).toEqual([corrected]);
    store.close();
  });

  it('keeps what people are to be told until they were', () => {
    const path = place();
    const store = openIncidentStore(path, log);
    store.enter([record('i1', 100)], [notice, { ...notice, step: 2, kind: 'resolved', until: 200 }]);
    store.told(notice);
    store.close();
    const again = openIncidentStore(path, log);
    expect(again.untold().map(({ step }) => step)).toEqual([2]);
    again.close();
  });

  it('keeps maintenance windows of each county', () => {
    const store = openIncidentStore(place(), log);
    const window = { id: 'w', note: 'new line', kind: 'once', start: 100, end: 200 } as const;
    store.keepWindow('qilian', window);
    store.keepWindow('qilian', { ...window, end: 300 });
    expect(store.windows('qilian')).toEqual([{ ...window, end: 300 }]);
    expect(store.windows('menyuan')).toEqual([]);
    expect(store.removeWindow('menyuan', 'w')).toBe(false);
    expect(store.removeWindow('qilian', 'w')).toBe(true);
    expect(store.windows('qilian')).toEqual([]);
    store.close();
  });

  it('gives a fold back what it knew of its agents', () => {
    const path = place();
    const store = openIncidentStore(path, log);
    const topology = countyOf([2]);
    const fold = new IncidentFold(topology);
    for (const { id } of topology.agents)
      fold.take(id, [{ measurement: 'host', tags: {}, time: monday, fields: { uptime_s: 60 } }]);
    const states = topology.agents.flatMap(({ id }) => {
      const state = fold.stateOf(id);
      return state === undefined ? [] : [[id, state] as const];
    });
    store.keepAgents('qilian', states);
    store.close();
    const again = openIncidentStore(path, log);
    const back = new IncidentFold(topology);
    for (const id of again.agents('qilian')) {
      const state = again.agentState('qilian', id);
      if (state !== undefined) back.restore(id, state);
    }
    expect(back.state()).toEqual(fold.state());
    expect(back.look(monday + 3600)).toEqual(fold.look(monday + 3600));
    again.removeAgents('qilian', ['s1-c1']);
    expect(again.agents('qilian')).toEqual(['s1-c2', 's1-dish']);
    again.close();
  });

  it('has what agents said until it is in their states', () => {
    const store = openIncidentStore(place(), log);
    const fold = new IncidentFold(countyOf([1]));
    const word = { time: monday, state: 'stopping' } as const;
    store.hear([
      ['qilian', 's1-c1', word],
      ['qilian', 's1-dish', word],
    ]);
    expect(store.words('qilian')).toEqual([
      ['s1-c1', word],
      ['s1-dish', word],
    ]);
    fold.hear('s1-c1', word);
    const state = fold.stateOf('s1-c1');
    if (state !== undefined) store.keepAgents('qilian', [['s1-c1', state]]);
    expect(store.words('qilian')).toEqual([['s1-dish', word]]);
    store.close();
  });

  it('knows how far a county has come, and when the hub was alive', () => {
    const store = openIncidentStore(place(), log);
    expect(store.progress('qilian')).toBeUndefined();
    expect(store.lastBeat()).toBeUndefined();
    const begun = { aways: [], cut: Number.NEGATIVE_INFINITY, unsavedFrom: 100 };
    store.keepProgress('qilian', begun);
    expect(store.progress('qilian')).toEqual(begun);
    const further = { aways: [{ from: 1, to: 2 }], cut: 50, unsavedFrom: 110 };
    store.keepProgress('qilian', further);
    expect(store.progress('qilian')).toEqual(further);
    store.beat(100);
    store.beat(110);
    expect(store.lastBeat()).toBe(110);
    store.close();
  });

  it('begins anew where its file is damaged', () => {
    const path = place();
    const store = openIncidentStore(path, log);
    store.enter(
      Array.from({ length: 100 }, (_, n) => record(`i${n}`, n)),
      [],
    );
    damage(path);
    expect(() => store.list({ from: 0, to: 1000 })).toThrow();
    expect(store.list({ from: 0, to: 1000 })).toEqual([]);
    store.enter([record('i1', 100)], []);
    expect(store.find('i1')).toBeDefined();
    store.close();
  });
});
