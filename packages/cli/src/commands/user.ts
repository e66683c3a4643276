import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { createLog } from '@tongtang/runtime/log';
import type { Registry } from '@tongtang/store/registry/open';
import { type Role, roles, type UserResult } from '@tongtang/store/registry/users';
import { Argument, Command, Option } from 'commander';
import { hubAddress } from '../hub-address.ts';
import { commandLine as by, registryIn } from '../hub-data.ts';
import { hubListens } from '../hub-listens.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang user add|list|remove|link` */
export function userCommand(): Command {
  return new Command('user')
    .description('People who sign in to the console')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand())
    .addCommand(linkCommand());
}

function addCommand(): Command {
  const command = new Command('add')
    .description(
      'Adds a user, or gives one a new role and password. Asks for the password, or reads it from standard input',
    )
    .addArgument(new Argument('<name>', 'name to sign in with'))
    .addOption(new Option('--role <role>', 'what the user may do').choices([...roles]).default('technician'));
  return withSettings(command, ['data', 'logLevel']).action(
    async (name: string, { role }: { role: Role }) => {
      const settings = settingsOf(command);
      const password = await askPassword();
      const registry = registryIn(settings.data, createLog(settings.logLevel));
      try {
        const answer = await add(registry, { name, role, password });
        if (!answer.ok) throw new Refusal(answer.problem);
        process.stdout.write(`${name} may sign in as ${role}\n`);
      } finally {
        registry.close();
      }
    },
  );
}

function listCommand(): Command {
  const command = new Command('list').description('Lists users and their roles');
  return withSettings(command, ['data', 'logLevel']).action(() => {
    const settings = settingsOf(command);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      for (const { name, role, hasPassword } of registry.users())
        process.stdout.write(`${name}\t${role}\t${hasPassword ? 'password' : 'link only'}\n`);
    } finally {
      registry.close();
    }
  });
}

function removeCommand(): Command {
  const command = new Command('remove')
    .description('Removes a user and ends their sessions')
    .argument('<name>');
  return withSettings(command, ['data', 'logLevel']).action((name: string) => {
    const settings = settingsOf(command);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      const answer = registry.removeUser(name, by);
      if (!answer.ok) throw new Refusal(answer.problem);
      process.stdout.write(`${name} is removed\n`);
    } finally {
      registry.close();
    }
  });
}

function linkCommand(): Command {
  const command = new Command('link')
    .description('Makes a link that signs a user in once, within ten minutes')
    .argument('[name]', 'name of the user', 'admin');
  return withSettings(command, ['data', 'http', 'logLevel']).action((name: string) => {
    const settings = settingsOf(command);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      const link = registry.createSignInLink(name, by);
      if (link === undefined) throw new Refusal(`There is no user "${name}"`);
      process.stdout.write(`${hubAddress(hubListens(settings))}/#sign-in=${link.token}\n`);
    } finally {
      registry.close();
    }
  });
}

/** Adds a user; one that is there already gets the role and the password. */
async function add(
  registry: Registry,
  user: { name: string; role: Role; password: string },
): Promise<UserResult> {
  if (registry.user(user.name) === undefined) return registry.addUser(user, by);
  const changed = registry.changeRole(user.name, user.role, by);
  return changed.ok ? registry.changePassword(user.name, user.password, by) : changed;
}

/** Typed without being shown, or the first line of standard input. */
async function askPassword(): Promise<string> {
  const typed = process.stdin.isTTY;
  if (typed) process.stderr.write('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: typed });
  try {
    const line = await lines[Symbol.asyncIterator]().next();
    if (typed) process.stderr.write('\n');
    return line.done === true ? '' : line.value;
  } finally {
    lines.close();
  }
}
