import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { dictionaryId } from './dictionary.ts';
import { Command, Commit, Config, Reply, Status } from './messages.ts';

const status = {
  state: 'online',
  boot: 'b00tb00t',
  version: '0.1.0',
  startedAt: 1_788_228_000,
  outbox: '0utb0x00',
};
const commit = { outbox: '0utb0x00', ranges: [[1, 6]], time: 1_788_228_000_000, hub: 'hub00000' };
const task = { probe: 'ping', link: 'lan', target: 'gateway', address: '192.0.2.1', every: 10 };
const config = {
  revision: 'r1',
  tasks: [task],
  lessons: [[1_788_228_000, 1_788_230_400]],
  dictionaries: [dictionaryId],
  bytesPerDay: 1_200_000,
};
const command = { id: 'c0mmand0', action: 'live', seconds: 60 };
const reply = { id: 'c0mmand0', ok: true };

const messages: readonly [string, TSchema, Readonly<Record<string, unknown>>][] = [
  ['status', Status, status],
  ['commit', Commit, commit],
  ['config', Config, config],
  ['command', Command, command],
  ['reply', Reply, reply],
];

describe.each(messages)('%s', (_, schema, message) => {
  it('M-1: has the form that the specification gives it', () => {
    expect(Value.Check(schema, message)).toBe(true);
    for (const other of [null, [], 'text', 7]) expect(Value.Check(schema, other)).toBe(false);
  });

  it('M-1: lacks nothing that must be there', () => {
    for (const key of Object.keys(message)) {
      const { [key]: _, ...rest } = message;
      expect(Value.Check(schema, rest), key).toBe(false);
    }
  });

  it('M-2: may have keys that are not known yet', () => {
    expect(Value.Check(schema, { ...message, later: { a: 1 } })).toBe(true);
  });
});

describe('messages', () => {
  it.each([
    ['an outbox id that is none', Commit, { ...commit, outbox: '../../x' }],
    ['a range of one number', Commit, { ...commit, ranges: [[1]] }],
    ['a number that cannot be exact', Commit, { ...commit, ranges: [[1, 2 ** 53]] }],
    ['numbers from zero', Commit, { ...commit, ranges: [[0, 1]] }],
    ['a state that nobody knows', Status, { ...status, state: 'bored' }],
    ['a probe that is no name', Config, { ...config, tasks: [{ ...task, probe: 'ping -f' }] }],
    ['an interval that would flood', Config, { ...config, tasks: [{ ...task, every: 1 }] }],
  ])('M-1: %s is refused', (_, schema, message) => {
    expect(Value.Check(schema, message)).toBe(false);
  });

  it('M-5: what is not in the list of commands is none', () => {
    for (const action of ['run', 'shell', 'restart'])
      expect(Value.Check(Command, { ...command, action })).toBe(false);
  });

  it('M-6: a configuration with a probe of a later version is one all the same', () => {
    expect(Value.Check(Config, { ...config, tasks: [task, { ...task, probe: 'later' }] })).toBe(true);
  });

  it('D-3: dictionaries are named by eight hexadecimal digits', () => {
    expect(Value.Check(Config, { ...config, dictionaries: ['deadbeef'] })).toBe(true);
    expect(Value.Check(Config, { ...config, dictionaries: ['DEADBEEF'] })).toBe(false);
    expect(Value.Check(Config, { ...config, dictionaries: ['1'] })).toBe(false);
  });
});
