import { readFileSync } from 'node:fs';
import { mosquittoFiles, writeMosquittoFiles } from '@tongtang/broker/mosquitto-files';
import { hashPassword } from '@tongtang/broker/password';
import { messageOf } from '@tongtang/runtime/errors';
import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { registryIn } from '../hub-data.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang broker mosquitto-files` */
export function brokerCommand(): Command {
  return new Command('broker').description('An external MQTT broker').addCommand(mosquittoFilesCommand());
}

function mosquittoFilesCommand(): Command {
  const command = new Command('mosquitto-files')
    .description('Writes the password and ACL files of Mosquitto for every enrolled agent and for the hub')
    .requiredOption('--out <folder>', 'folder for "passwd" and "acl"')
    .option('--watch', 'write again after each enrolment, until stopped')
    .option('--reload <pid file>', 'tell the Mosquitto of this pid file to read them again');
  return withSettings(command, ['data', 'broker', 'logLevel']).action(async (options: MosquittoOptions) => {
    const settings = settingsOf(command);
    if (settings.broker === undefined)
      throw new Refusal('Set TONGTANG_BROKER to the URL that the hub uses: its user goes into the files too');
    const url = new URL(settings.broker);
    const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (name === '' || password === '')
      throw new Refusal('TONGTANG_BROKER must name a user and a password for the hub');
    const log = createLog(settings.logLevel);
    const registry = registryIn(settings.data, log);
    const hub = { name, passwordHash: hashPassword(password), counties: [] };
    const write = async (): Promise<void> => {
      const agents = registry.agents();
      await writeMosquittoFiles(options.out, mosquittoFiles(agents, hub));
      process.stdout.write(`${agents.length} agents and the hub written to ${options.out}\n`);
      if (options.reload !== undefined) hangUp(options.reload);
    };
    if (options.watch !== true) {
      try {
        await write();
      } finally {
        registry.close();
      }
      return;
    }
    // A folder that is not there yet and a Mosquitto that is not up yet are no reason to end: the next change tries again.
    let last = Promise.resolve();
    const writeAgain = (): void => {
      last = last
        .then(write)
        .catch((error: unknown) => log.error({ error: messageOf(error) }, 'Mosquitto was not told'));
    };
    writeAgain();
    const stopListening = registry.onChange(writeAgain);
    // Listening to the registry alone does not keep a process.
    const awake = setInterval(() => {}, 3_600_000);
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    clearInterval(awake);
    stopListening();
    await last;
    registry.close();
  });
}

type MosquittoOptions = { out: string; watch?: boolean; reload?: string };

/**
 * Mosquitto reads both files again on SIGHUP.
 * @throws Refusal where the pid file does not lead to a process of ours to tell
 */
function hangUp(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (!Number.isInteger(pid) || pid < 2) throw new Error('holds no process id');
    process.kill(pid, 'SIGHUP');
  } catch (error) {
    throw new Refusal(`--reload ${pidFile}: ${messageOf(error)}`);
  }
}
