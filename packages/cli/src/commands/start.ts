import { resolve } from 'node:path';
import { enroll, readIdentity } from '@tongtang/agent/enrolment';
import { onlyHere } from '@tongtang/hub/only-here';
import { createLog } from '@tongtang/runtime/log';
import { environmentName } from '@tongtang/runtime/settings';
import { isSimulated } from '@tongtang/runtime/simulated-folder';
import { starterCounty } from '@tongtang/store/registry/inventories';
import type { Registry } from '@tongtang/store/registry/open';
import { Command } from 'commander';
import { type Daemon, startDaemon } from '../daemon.ts';
import { assertWritable } from '../data-folder.ts';
import { takeEndSignals } from '../end-signals.ts';
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
    const { config = process.env.TONGTANG_CONFIG } = command.opts<{ config?: string }>();
    const environment = {
      ...process.env,
      ...asEnvironment(settings),
      // Or the daemons would read the settings file that lies here, whichever was named.
      ...(config !== undefined && { TONGTANG_CONFIG: config }),
    };
    const signals = takeEndSignals();
    const running: Daemon[] = [];
    let ending = false;
    const start = async (...words: string[]): Promise<void> => {
      if (ending) throw new Refusal('stopped while it started');
      const daemon = startDaemon(words, { environment, logTo: log.descriptor });
      // The agent first when it ends, so that its last samples still find a hub.
      running.unshift(daemon);
      await daemon.ready;
    };
    const startAll = async (): Promise<void> => {
      await start('hub');
      const hasAgent = await enrolThisMachine(settings);
      if (hasAgent) await start('agent', 'run');
      const text = await welcome(settings, log.path, hasAgent);
      if (!ending) process.stdout.write(text);
    };
    void signals.insisted.then(() => {
      for (const daemon of running) daemon.kill();
      process.exit(1);
    });
    try {
      await Promise.race([startAll(), signals.asked]);
      await signals.asked;
      process.stdout.write('\nStopping … (Ctrl-C again: at once)\n');
    } finally {
      ending = true;
      for (const daemon of running) await daemon.stop();
    }
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

/** Settings as the environment that makes a child have the same. */
function asEnvironment(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [environmentName(key), String(value)]),
  );
}

/** An address that this machine itself can reach, where the hub listens on all. */
function reachable(listen: string): string {
  return listen.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:');
}

async function welcome(settings: Settings, logPath: string, hasAgent: boolean): Promise<string> {
  const token = await withRegistry(
    settings,
    (registry) => registry.createSignInLink('admin', commandLine)?.token,
  );
  const { http, ...addresses } = hubSettings(settings);
  const here = onlyHere(http.host, addresses);
  const lines = [
    '',
    'Tongtang 同堂 is running.',
    '',
    `  Console         http://${reachable(settings.http)}/#sign-in=${token ?? ''}`,
    '                  (signs you in once, within 10 minutes; another: npx tongtang user link)',
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
