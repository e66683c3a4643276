import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reporter } from './reporter.ts';
import { type AgentReport, agentStatus } from './status.ts';

const minute = 60_000;
let folder: string;
let now: number;
let backlog: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-reporter-'));
  now = 0;
  backlog = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function reporter(): Reporter {
  const report = (): AgentReport => ({
    at: '2026-09-01T00:00:00Z',
    pid: 1,
    agent: 'a-1',
    version: '0',
    startedAt: '2026-09-01T00:00:00Z',
    hub: 'http://127.0.0.1/',
    connected: true,
    trouble: '',
    backlog,
    dropped: 0,
    failedWrites: 0,
    wireBytesToday: 0,
    links: {},
  });
  const log = createLog('error').child({}, { level: 'silent' });
  return new Reporter({ dataFolder: folder, log, report, monotonicMs: () => now });
}

const written = () => agentStatus(folder).report?.backlog;

describe('what an agent says to people on its machine', () => {
  it('shows each change of the first minutes at once', () => {
    const one = reporter();
    for (backlog = 1; backlog <= 10; backlog += 1) {
      one.changed();
      expect(written()).toBe(backlog);
    }
  });

  it('shows no more than one change a minute for long, and the last one a minute later', () => {
    const one = reporter();
    let writes = 0;
    for (let minutes = 0; minutes < 120; minutes += 1)
      for (let turn = 0; turn < 6; turn += 1, now += minute / 6) {
        const before = written();
        backlog += 1;
        one.changed();
        if (written() !== before) writes += 1;
      }
    expect(writes).toBeLessThanOrEqual(120 + 10);
    one.changed();
    backlog = -1;
    one.changed();
    expect(written()).not.toBe(-1);
    now += minute;
    one.tick();
    expect(written()).toBe(-1);
  });

  it('is renewed every four minutes where nothing changes', () => {
    const one = reporter();
    one.tick();
    backlog = 7;
    now += 3 * minute;
    one.tick();
    expect(written()).toBe(0);
    now += minute;
    one.tick();
    expect(written()).toBe(7);
  });

  it('is for the owner of the agent alone', () => {
    reporter().changed();
    expect(statSync(join(folder, 'agent', 'status.json')).mode & 0o077).toBe(0);
  });
});

describe('the byte budget', () => {
  it('goes on where the process before left it', () => {
    const one = reporter();
    one.budget.enterDay(20_000);
    one.budget.meter(5000);
    one.stop();
    expect(reporter().budget.todayBytes).toBe(5000);
  });

  it('begins anew where its file is damaged', () => {
    reporter().stop();
    writeFileSync(join(folder, 'agent', 'budget.json'), '{"day":');
    expect(reporter().budget.todayBytes).toBe(0);
  });
});
