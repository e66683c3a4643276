import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noticeOf } from '@tongtang/notify/notice.fixture';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../tests/services/eventually.ts';
import { type RunningRobot, robotKey, startRobot } from '../../../tests/services/robots.ts';
import { createMetrics } from './metrics.ts';
import { openNotifier } from './notifier.ts';

let dataFolder: string;
let notifyFile: string;
let robot: RunningRobot;
const log = createLog('error');
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'tongtang-hub-'));
  notifyFile = join(dataFolder, 'notify.yaml');
  robot = await startRobot('wecom', () => Date.now() / 1000);
});
afterEach(async () => {
  await robot.stop();
  rmSync(dataFolder, { recursive: true });
});

const write = (mode = 0o600) =>
  writeFileSync(
    notifyFile,
    `console: https://tongtang.example
channels: { group: { kind: wecom, url: "${robot.url}" } }
routes: [{ name: all, to: [group] }]
`,
    { mode },
  );
/** Of something that hits a lesson that is on. */
function urgent() {
  const now = Math.floor(Date.now() / 1000);
  const name = { zh: '八宝小学', en: 'Babao' };
  const lesson = {
    school: { id: 'babao', name },
    class: { id: 'c1', name },
    start: now - 60,
    end: now + 1800,
  };
  return noticeOf({ since: now, at: now, lessons: [lesson] });
}

describe('a hub', () => {
  it('tells nobody where it has no notify file', () => {
    expect(openNotifier({ dataFolder }, createMetrics(), log)).toBeUndefined();
  });

  it('does not start with one that it cannot use, and does not say what stands in it', () => {
    write(0o644);
    const start = () => openNotifier({ dataFolder, notifyFile }, createMetrics(), log);
    if (process.platform !== 'win32') expect(start).toThrow('chmod 600');
    expect(start).not.toThrow(robotKey);
  });

  it('tells people, counts it, and is silent after a restart', async () => {
    write();
    const notice = urgent();
    const metrics = createMetrics();
    const first = openNotifier({ dataFolder, notifyFile }, metrics, log);
    expect(first?.take(notice)).toBe('routed');
    await eventually('told', async () => (robot.taken.length === 1 ? true : undefined), 20_000);
    await eventually(
      'counted',
      async () =>
        (await metrics.registry.metrics()).includes('tongtang_notify_messages_total{outcome="sent"} 1')
          ? true
          : undefined,
      20_000,
    );
    expect(await metrics.registry.metrics()).toContain('tongtang_notify_waiting 0');
    await first?.stop();

    const second = openNotifier({ dataFolder, notifyFile }, createMetrics(), log);
    expect(second?.take(notice)).toBe('known');
    expect(second?.take({ ...notice, step: 2, kind: 'resolved', until: notice.at })).toBe('routed');
    await eventually('told', async () => (robot.taken.length === 2 ? true : undefined), 20_000);
    expect(robot.taken[1]?.text).toContain('已恢复');
    await second?.stop();
  });
});
