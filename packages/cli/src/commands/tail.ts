import { observerAccess } from '@tongtang/hub/observer';
import { CourseReader } from '@tongtang/wire/following/course-reader';
import { textOf } from '@tongtang/wire/line-protocol';
import { parseTopic } from '@tongtang/wire/topics';
import { Command, Option } from 'commander';
import { connectAsync } from 'mqtt';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang tail` */
export function tailCommand(): Command {
  const command = new Command('tail')
    .description('Prints what agents and hub say to each other, for people. Run it on the hub’s machine')
    .option('--agent <id>', 'only this agent')
    .addOption(
      new Option('--channel <name>', 'only this channel').choices([
        'telemetry',
        'status',
        'commit',
        'config',
        'command',
        'reply',
      ]),
    );
  return withSettings(command, ['data', 'mqtt', 'broker', 'logLevel']).action(
    async (options: { agent?: string; channel?: string }) => {
      const settings = settingsOf(command);
      const client = await connectAsync(...accessTo(settings));
      const conversation = new Conversation();
      // First, as what is retained comes with the subscription.
      client.on('message', (topic, payload) => process.stdout.write(conversation.describe(topic, payload)));
      await client.subscribeAsync(`tongtang/v1/+/+/${options.agent ?? '+'}/${options.channel ?? '+'}`);
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await client.endAsync();
    },
  );
}

function accessTo(settings: { data: string; mqtt: string; broker?: string }): [url: string, options: object] {
  if (settings.broker !== undefined) return [settings.broker, { clean: true }];
  const observer = observerAccess(settings.data);
  if (observer === undefined)
    throw new Refusal(`No hub has run in ${settings.data}; start it, or name its folder with --data`);
  return [`mqtt://${settings.mqtt}`, { clean: true, ...observer, clientId: observer.username }];
}

/** What agents and hub say, for people: batches opened, JSON as it is. */
class Conversation {
  readonly #courses = new Map<string, CourseReader>();

  /** One message as lines of text. */
  describe(topic: string, payload: Buffer): string {
    const parsed = parseTopic(topic);
    if (parsed === undefined) return `${topic}: not one of our topics, ${payload.length} bytes\n`;
    const { address, channel } = parsed;
    const head = `${address.school}/${address.agent} ${channel}`;
    if (channel !== 'telemetry') return `${head} ${payload.toString('utf8')}\n`;
    const course = this.#courses.get(address.agent) ?? new CourseReader();
    this.#courses.set(address.agent, course);
    const batch = course.read(payload);
    if ('unfollowed' in batch)
      return `${head} ${payload.length} bytes that tell only what differs from before; readable from the next whole batch on, within ten minutes\n`;
    if ('reason' in batch) return `${head} ${payload.length} bytes that are no batch: ${batch.reason}\n`;
    const lines = [
      ...batch.samples.map(textOf),
      ...batch.rejected.map(({ line, reason }) => `${line}   ← ${reason}`),
    ];
    return `${head} ${batch.from}-${batch.to} of ${batch.outbox}, ${payload.length} bytes\n${lines.map((line) => `  ${line}\n`).join('')}`;
  }
}
