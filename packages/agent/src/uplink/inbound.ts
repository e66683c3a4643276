import { messageOf } from '@tongtang/runtime/errors';
import { type Validated, validate } from '@tongtang/runtime/validation';
import { Command, Commit, Config } from '@tongtang/wire/messages';
import type { Channel } from '@tongtang/wire/topics';
import type { Static, TSchema } from 'typebox';

/** What the hub may say to an agent. */
export type Inbound =
  | Readonly<{ channel: 'commit'; commit: Commit }>
  | Readonly<{ channel: 'config'; config: Config }>
  | Readonly<{ channel: 'command'; command: Command }>;

/**
 * Reads a message of the hub. Keys that we do not know are left alone (clause M-2). Never throws.
 * @returns the message, or what is wrong with it
 */
export function readInbound(channel: Channel, payload: Buffer): Validated<Inbound> {
  switch (channel) {
    case 'commit':
      return read(Commit, payload, (commit) => ({ channel, commit }));
    case 'config':
      return read(Config, payload, (config) => ({ channel, config }));
    case 'command':
      return read(Command, payload, (command) => ({ channel, command }));
    default:
      return { ok: false, problems: [`the hub does not speak on "${channel}"`] };
  }
}

function read<Schema extends TSchema>(
  schema: Schema,
  payload: Buffer,
  wrap: (message: Static<Schema>) => Inbound,
): Validated<Inbound> {
  let document: unknown;
  try {
    document = JSON.parse(payload.toString('utf8'));
  } catch (error) {
    return { ok: false, problems: [`not JSON: ${messageOf(error)}`] };
  }
  const read = validate(schema, document);
  return read.ok ? { ok: true, value: wrap(read.value) } : read;
}
