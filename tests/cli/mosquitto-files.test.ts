import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { dataFolder, launch, type RunningProcess, tongtang } from '../services/tongtang.ts';

/** What keeps a Mosquitto that runs as a user of its own informed, whichever of the two starts first. */

const data = dataFolder();
const files = join(data.path, 'mosquitto');
const environment = {
  TONGTANG_DATA: data.path,
  TONGTANG_BROKER: 'mqtt://hub:a-password-for-tests@127.0.0.1:1',
};
let registry: Registry;
let watching: RunningProcess;

beforeAll(() => {
  registry = openRegistry(join(data.path, 'hub', 'registry.db'), createLog('error'));
  registry.ensureStarterInventory();
});
afterAll(async () => {
  registry.close();
  await watching.stop();
  data.remove();
});

describe('tongtang broker mosquitto-files', () => {
  it('says what is wrong with a pid file, in words', async () => {
    const { code, output } = await tongtang(
      ['broker', 'mosquitto-files', '--out', files, '--reload', join(data.path, 'no.pid')],
      environment,
    );
    expect(code).toBe(1);
    expect(output).toContain('no.pid: ENOENT');
    expect(output).not.toContain('    at ');
  });

  it('with --watch goes on while Mosquitto is not up, and writes again after an enrolment', async () => {
    watching = launch(
      ['broker', 'mosquitto-files', '--out', files, '--watch', '--reload', join(data.path, 'no.pid')],
      environment,
    );
    await eventually('a first try', () => (watching.output().includes('was not told') ? true : undefined));

    const agent = enrol();
    await eventually('the agent in both files', () =>
      ['passwd', 'acl'].every((file) => readFileSync(join(files, file), 'utf8').includes(agent))
        ? true
        : undefined,
    );
    expect(await watching.stop()).toBe(0);
  });

  it('lets the group of the folder read the files, and nobody else', () => {
    expect(existsSync(join(files, 'passwd.new'))).toBe(false);
    expect(statSync(join(files, 'passwd')).mode & 0o777).toBe(0o640);
  });
});

function enrol(): string {
  const seat = { county: 'local', school: 'school', classroom: 'room-1', kind: 'classroom' } as const;
  const made = registry.createEnrolmentCode(seat, 'test');
  if (!made.ok) throw new Error(made.problem);
  const enrolled = registry.enrol({ code: made.code, passwordHash: hashPassword(makePassword()) });
  if (!enrolled.ok) throw new Error(enrolled.reason);
  return enrolled.agent.id;
}
