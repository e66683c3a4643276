import { existsSync } from 'node:fs';
import { messagesIn } from '@tongtang/hub/notifier';
import { type MessageStore, openMessageStore } from '@tongtang/notify/message-store';
import { type NotifySettings, readNotifyFile } from '@tongtang/notify/notify-file';
import { type Tried, tryRoute } from '@tongtang/notify/try-route';
import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { assertWritable } from '../data-folder.ts';
import { notifyFileOf } from '../hub-settings.ts';
import { systemLocale } from '../locale.ts';
import { messageList } from '../message-list.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

/** `tongtang notify test|show` */
export function notifyCommand(): Command {
  return new Command('notify')
    .description('Messages to people. Run it on the hub’s machine, as its user')
    .addCommand(testCommand())
    .addCommand(showCommand());
}

function testCommand(): Command {
  const command = new Command('test')
    .description('Sends a message for trying to every channel of a route, and says what each answered')
    .argument('<route>', 'name of a route in the notify file');
  return withSettings(command, ['data', 'notify', 'logLevel']).action(async (name: string) => {
    const settings = settingsOf(command);
    const notify = notifySettingsOf(settings);
    const route = notify.routes.find((candidate) => candidate.name === name);
    if (route === undefined)
      throw new Refusal(
        `There is no route "${name}"; there are: ${notify.routes.map(({ name }) => name).join(', ')}`,
      );
    assertWritable(settings.data);
    const store = openMessageStore(messagesIn(settings.data), createLog(settings.logLevel));
    try {
      const tried = await tryRoute(route, notify, store, systemLocale().timeZone, Date.now);
      for (const { channel, outcome } of tried) process.stdout.write(`${channel}\t${told(outcome)}\n`);
      if (tried.some(({ outcome }) => !outcome.ok)) process.exitCode = 1;
    } finally {
      store.close();
    }
  });
}

function showCommand(): Command {
  const command = new Command('show').description(
    'Shows the channels, which messages wait, and which failed and why',
  );
  return withSettings(command, ['data', 'logLevel']).action(() => {
    const settings = settingsOf(command);
    const store = messagesOf(settings);
    try {
      process.stdout.write(messageList(store, systemLocale()));
    } finally {
      store.close();
    }
  });
}

function told(outcome: Tried['outcome']): string {
  if (outcome.ok) return outcome.note === undefined ? 'sent' : `sent, but ${outcome.note}`;
  if ('waitS' in outcome) return `not sent: its limit is reached, try again in ${outcome.waitS} s`;
  return `${outcome.reason}: ${outcome.why}`;
}

function notifySettingsOf(settings: Settings): NotifySettings {
  const file = notifyFileOf(settings);
  if (file === undefined)
    throw new Refusal(
      `There is no notify.yaml in ${settings.data}: write one (docs/notify.md), or name it with --notify`,
    );
  const read = readNotifyFile(file);
  if (!read.ok) throw new Refusal(read.problems);
  return read.value;
}

function messagesOf(settings: Settings): MessageStore {
  const path = messagesIn(settings.data);
  if (!existsSync(path)) throw new Refusal(`No hub with a notify file has run in ${settings.data} yet`);
  assertWritable(settings.data);
  return openMessageStore(path, createLog(settings.logLevel));
}
