import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@tongtang/runtime/database';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DaySeat, found, type MinutesStore, openMinutes } from './minutes.ts';
import { migrations } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'tongtang-minutes-'));
const seat: DaySeat = { agent: 'a-1', kind: 'classroom', school: 'hb3z', classroom: 'c1' };
const bytes = (...of: number[]) => Uint8Array.from(of);
let files = 0;
let path = '';
let minutes: MinutesStore;

beforeEach(() => {
  files += 1;
  path = join(folder, String(files), 'minutes.db');
  minutes = openMinutes(path, createLog('error'));
});
afterEach(() => minutes.close());

function again(): void {
  minutes.close();
  minutes = openMinutes(path, createLog('error'));
}

describe('kept minutes', () => {
  it('are there after a restart, with how often they changed and a fingerprint of what they say', () => {
    expect(minutes.keep('qilian', '2026-11-25', seat, bytes(1, 2))).toBe(true);
    const first = minutes.day('qilian', '2026-11-25');
    expect(first).toEqual([
      { ...seat, minutes: bytes(1, 2), revision: 1, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ]);
    expect(minutes.keep('qilian', '2026-11-25', seat, bytes(1, 2))).toBe(false);
    expect(minutes.day('qilian', '2026-11-25')).toEqual(first);
    expect(minutes.keep('qilian', '2026-11-25', seat, bytes(1, 3))).toBe(true);
    again();
    const [second] = minutes.day('qilian', '2026-11-25');
    expect(second).toMatchObject({ minutes: bytes(1, 3), revision: 2 });
    expect(second?.fingerprint).not.toBe(first[0]?.fingerprint);
  });

  it('of a day stay where the agent was then, although it moved', () => {
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    minutes.keep('qilian', '2026-11-25', { ...seat, classroom: 'c2' }, bytes(2));
    minutes.keep('qilian', '2026-11-26', { ...seat, classroom: 'c2' }, bytes(2));
    expect(minutes.agentDay('qilian', '2026-11-25', 'a-1')).toMatchObject({
      classroom: 'c1',
      minutes: bytes(2),
    });
    expect(minutes.agentDay('qilian', '2026-11-26', 'a-1')).toMatchObject({ classroom: 'c2' });
    expect(minutes.agentDay('qilian', '2026-11-26', 'a-2')).toBeUndefined();
    expect(minutes.day('other', '2026-11-25')).toEqual([]);
  });

  it('of a day have a stamp that is another whenever any of them changed', () => {
    expect(minutes.stamps('qilian')).toEqual(new Map());
    minutes.keep('qilian', '2026-11-26', seat, bytes(1));
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    const first = minutes.stamps('qilian');
    expect([...first.keys()]).toEqual(['2026-11-25', '2026-11-26']);
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    again();
    expect(minutes.stamps('qilian')).toEqual(first);
    minutes.keep('qilian', '2026-11-25', { ...seat, agent: 'a-2' }, bytes(1));
    const second = minutes.stamps('qilian');
    expect(second.get('2026-11-25')).not.toBe(first.get('2026-11-25'));
    expect(second.get('2026-11-26')).toBe(first.get('2026-11-26'));
    expect(minutes.stamps('other')).toEqual(new Map());
  });

  it('that were kept before there were stamps have one', () => {
    const [first = ''] = migrations;
    const older = join(folder, 'older.db');
    const { database } = openDatabase(older, { migrations: [first], durability: 'normal' });
    for (const [day, agent] of [
      ['2026-11-25', 'a-1'],
      ['2026-11-25', 'a-2'],
      ['2026-11-26', 'a-1'],
    ] as const)
      database
        .prepare("INSERT INTO agent_day VALUES ('qilian', ?, ?, 'classroom', 'hb3z', 'c1', x'01', 1)")
        .run(day, agent);
    database.close();
    const opened = openMinutes(older, createLog('error'));
    const stamps = opened.stamps('qilian');
    opened.close();
    expect([...stamps.keys()]).toEqual(['2026-11-25', '2026-11-26']);
    expect(new Set(stamps.values()).size).toBe(2);
  });

  it('of some days have one fingerprint, which is another when any of them is', () => {
    const print = (): string => minutes.fingerprint('qilian', '2026-11-01', '2026-11-30');
    const none = print();
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    const one = print();
    expect(one).not.toBe(none);
    minutes.keep('qilian', '2026-12-01', seat, bytes(1));
    minutes.keep('menyuan', '2026-11-25', seat, bytes(1));
    expect(print()).toBe(one);
    minutes.keep('qilian', '2026-11-25', seat, bytes(2));
    expect(print()).not.toBe(one);
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    expect(print()).toBe(one);
  });

  it('a damaged file is set aside, and a new one begins', () => {
    minutes.keep('qilian', '2026-11-25', seat, bytes(1));
    minutes.close();
    writeFileSync(path, 'no database at all, but as long as one would be '.repeat(100));
    minutes = openMinutes(path, createLog('error'));
    expect(minutes.day('qilian', '2026-11-25')).toEqual([]);
    expect(minutes.settledTo('qilian')).toBeUndefined();
  });
});

describe('what settling needs', () => {
  it('how far it has come', () => {
    expect(minutes.settledTo('qilian')).toBeUndefined();
    minutes.settled('qilian', 600);
    minutes.settled('qilian', 1200);
    again();
    expect(minutes.settledTo('qilian')).toBe(1200);
    expect(minutes.settledTo('other')).toBeUndefined();
  });

  it('late hours wait until nothing more comes for them, and a mark that was set anew stays', () => {
    minutes.markLate([
      { agent: 'a-1', hour: 7200, at: 10 },
      { agent: 'a-1', hour: 3600, at: 10 },
      { agent: 'a-2', hour: 3600, at: 50 },
    ]);
    again();
    const taken = minutes.late(40, 10);
    expect(taken.map(({ agent, hour }) => `${agent} ${hour}`)).toEqual(['a-1 3600', 'a-1 7200']);
    minutes.markLate([{ agent: 'a-1', hour: 3600, at: 60 }]);
    minutes.redone(taken);
    expect(minutes.late(100, 10).map(({ agent, hour }) => `${agent} ${hour}`)).toEqual([
      'a-1 3600',
      'a-2 3600',
    ]);
    expect(minutes.late(100, 1)).toHaveLength(1);
  });

  it.each(Object.entries(found))('are found without going through what is not asked for: %s', (_, text) => {
    const { database } = openDatabase(path, { migrations, durability: 'normal' });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all();
    // One step: no sorting.
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/ USING (COVERING )?INDEX (late_by_hour|heard_by_time|slept_by_end)/),
    ]);
    database.close();
  });

  it('late hours of a file that was made before are found, the oldest first', () => {
    const older = join(folder, 'late.db');
    const { database } = openDatabase(older, { migrations: migrations.slice(0, 2), durability: 'normal' });
    database.exec("INSERT INTO late VALUES ('a-1', 7200, 1), ('a-2', 3600, 1)");
    database.close();
    const opened = openMinutes(older, createLog('error'));
    expect(opened.late(9, 9).map(({ agent }) => agent)).toEqual(['a-2', 'a-1']);
    opened.close();
  });

  it('words and sleeps of an agent, each once', () => {
    minutes.hear('a-1', { time: 100, state: 'stopping' });
    minutes.hear('a-1', { time: 100, state: 'stopping' });
    minutes.hear('a-2', { time: 100, state: 'online' });
    expect(minutes.heard('a-1', { from: 100, to: 101 })).toEqual([{ time: 100, state: 'stopping' }]);
    expect(minutes.heard('a-1', { from: 0, to: 100 })).toEqual([]);
    minutes.hear('a-1', { time: 90, state: 'online' });
    expect(minutes.lastHeard('a-1')).toEqual({ time: 100, state: 'stopping' });
    expect(minutes.lastHeard('a-3')).toBeUndefined();
    expect(minutes.slept('a-1', { from: 100, to: 5000 })).toBe(true);
    expect(minutes.slept('a-1', { from: 100, to: 5000 })).toBe(false);
    expect(minutes.sleeps('a-1', { from: 4999, to: 9000 })).toEqual([{ from: 100, to: 5000 }]);
    expect(minutes.sleeps('a-1', { from: 5000, to: 9000 })).toEqual([]);
  });

  it('when the hub did not run: from its last sign of life to the next', () => {
    minutes.alive(1_000_000, 150);
    minutes.alive(1_000_100, 150);
    again();
    minutes.alive(1_004_000, 150);
    expect(minutes.aways({ from: 0, to: 2_000_000 })).toEqual([{ from: 1_000_100, to: 1_004_000 }]);
    // What is older than raw samples are kept is forgotten.
    minutes.alive(1_004_000 + 41 * 86_400, Number.POSITIVE_INFINITY);
    expect(minutes.aways({ from: 0, to: 2_000_000 })).toEqual([]);
  });
});
