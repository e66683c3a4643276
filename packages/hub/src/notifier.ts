import { join } from 'node:path';
import { type Notifier, startNotifier } from '@tongtang/notify/notifier';
import { readNotifyFile } from '@tongtang/notify/notify-file';
import type { Log } from '@tongtang/runtime/log';
import type { HubMetrics } from './metrics.ts';

/**
 * Starts to tell people, where the hub has a notify file.
 * @throws where the file cannot be used, with every problem in it
 */
export function openNotifier(
  { dataFolder, notifyFile }: Readonly<{ dataFolder: string; notifyFile?: string }>,
  metrics: HubMetrics,
  log: Log,
): Notifier | undefined {
  if (notifyFile === undefined) return undefined;
  const settings = readNotifyFile(notifyFile);
  if (!settings.ok) throw new Error(settings.problems.join('; '));
  const notifier = startNotifier({
    path: messagesIn(dataFolder),
    settings: settings.value,
    count: (outcome, messages) => metrics.notified.inc({ outcome }, messages),
    log,
  });
  metrics.gauge('notify_waiting', 'Messages to people that wait', () => notifier.state().waiting);
  metrics.gauge(
    'notify_channels_broken',
    'Channels through which no message gets until somebody changes something',
    () => notifier.state().broken,
  );
  return notifier;
}

/** Where a hub keeps its messages to people. */
export function messagesIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'notify.db');
}
