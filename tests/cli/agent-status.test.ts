import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentReport, writeReport } from '@tongtang/agent/status';
import { afterEach, expect, it } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

const report: AgentReport = {
  at: '2026-09-01T00:10:00.000Z',
  pid: 1,
  agent: 'arou-machine-room-1',
  version: '0',
  startedAt: '2026-09-01T00:00:00.000Z',
  hub: 'http://192.0.2.10:8080',
  connected: true,
  trouble: '',
  backlog: 0,
  dropped: 0,
  failedWrites: 0,
  wireBytesToday: 0,
  links: { satellite: 'unknown', stream: 'unknown', broadband: 'down', lan: 'good' },
  linksSince: {
    stream: '2026-09-01T00:05:00.000Z',
    broadband: '2026-09-01T00:08:00.000Z',
    lan: '2026-09-01T00:00:09.000Z',
  },
};

it('tongtang agent status names unknown links too: since when, or that there is no evidence', async () => {
  const data = dataFolder();
  cleanUp.push(data.remove);
  mkdirSync(join(data.path, 'agent'), { recursive: true });
  writeReport(data.path, report);
  const { code, stdout } = await tongtang(['agent', 'status'], { TONGTANG_DATA: data.path });
  expect(code).toBe(1);
  expect(stdout).toContain('not running');
  expect(stdout).toContain(
    'Links:     lan good, broadband down since 2026-09-01T00:08:00.000Z, satellite unknown (no evidence), stream unknown since 2026-09-01T00:05:00.000Z\n',
  );
});
