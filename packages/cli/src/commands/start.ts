import { resolve } from 'node:path';
import { enroll, readIdentity } from '@tongtang/agent/enrolment';
import { onlyHere } from '@tongtang/hub/only-here';
import { createLog } from '@tongtang/runtime/log';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { starterCounty } from '@tongtang/store/registry/inventories';
import type { Registry } from '@tongtang/store/registry/open';
import { Command } from 'commander';
import { environmentOf, reachable } from '../daemon-environment.ts';
import { runDaemons } from '../daemons.ts';
import { assertWritable } from '../data-folder.ts';
import { commandLine, registryIn } from '../hub-data.ts';
import { hubKeys, hubSettings } from '../hub-settings.ts';
import { openLogFile } from '../log-file.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

/** `tongtang start`: what `npm start` runs. */
export function startCommand(): Command {
  const command = new Command('start').description(
    'Runs the hub and this machine’s own agent, and says where the console is',
  );
  return withSettings(command, hubKeys).action(async () => {
    const settings = settingsOf(command);
    assertWritable(settings.data);
    if (isSimulated(settings.data))
      throw new Refusal(
        `${resolve(settings.data)} holds simulated data: npm run demo goes on with them. Real data need another folder: --data or TONGTANG_DATA`,
      );
    const log = openLogFile(resolve(settings.data, 'log', 'tongtang.log'));
    const environment = environmentOf(command, settings);
    await runDaemons({ environment, logTo: log.descriptor }, async (start) => {
      await start('hub');
      const hasAgent = await enrolThisMachine(settings);
      if (hasAgent) await start('agent', 'run');
      return welcome(settings, log.path, hasAgent);
    });
  });
}

/**
 * Gives this machine an agent at the first start, in the classroom that a new hub begins with. Where the inventory is
 * already another one, nobody knows which classroom this is.
 * @returns whether it has one
 */
async function enrolThisMachine(settings: Settings): Promise<boolean> {
  if (readIdentity(settings.data) !== undefined) return true;
  const code = await withRegistry(settings, (registry) => {
    const [inventory, other] = registry.inventories();
    const school = inventory?.schools[0];
    const classroom = school?.classrooms[0];
    if (inventory?.county.id !== starterCounty || other !== undefined || !school || !classroom)
      return undefined;
    const seat = {
      county: inventory.county.id,
      school: school.id,
      classroom: classroom.id,
      kind: 'classroom',
    } as const;
    const answer = registry.createEnrolmentCode(seat, 'first start');
    return answer.ok ? answer.code : undefined;
  });
  if (code === undefined) return false;
  const answer = await enroll(`http://${reachable(settings.http)}`, code, settings.data);
  if (!answer.ok) throw new Refusal(answer.problem);
  return true;
}

async function withRegistry<T>(settings: Settings, work: (registry: Registry) => T | Promise<T>): Promise<T> {
  const registry = registryIn(settings.data, createLog('warn'));
  try {
    return await work(registry);
  } finally {
    registry.close();
  }
}

async function welcome(settings: Settings, logPath: string, hasAgent: boolean): Promise<string> {
  const token = await withRegistry(
    settings,
    (registry) => registry.createSignInLink('admin', commandLine)?.token,
  );
  const elsewhere = resolve(settings.data) === resolve('data') ? '' : ` --data ${settings.data}`;
  const { http, ...addresses } = hubSettings(settings);
  const here = onlyHere(http.host, addresses);
  const lines = [
    '',
    'Tongtang 同堂 is running.',
    '',
    `  Console         http://${reachable(settings.http)}/#sign-in=${token ?? ''}`,
    `                  (signs you in once, within 10 minutes; another: npx tongtang user link${elsewhere})`,
    `  This machine    ${hasAgent ? 'is measured by its own agent: live figures in a few seconds' : 'has no agent: add it like any other machine'}`,
    '  Next machine    in the console, open its classroom and choose “Add a machine”',
    ...(here.length > 0
      ? [
          `                  (first set ${here.join(', ')}, so that others reach this hub: docs/operators-guide.md, “Install the hub”)`,
        ]
      : []),
    `  Data and log    ${resolve(settings.data)}, ${logPath}`,
    '',
    '  Ctrl-C stops. Starting again goes on with the same data.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
