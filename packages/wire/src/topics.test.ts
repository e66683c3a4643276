import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Channel, channels, filterOf, parseTopic, topicOf } from './topics.ts';

const id = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const address = fc.record({ county: id, school: id, agent: id });
const channel = fc.constantFrom<Channel>('telemetry', 'status', 'reply', 'commit', 'config', 'command');

describe('topics', () => {
  it('T-1: name county, school, agent and channel, and are read back as they were made', () => {
    expect(topicOf({ county: 'qilian', school: 'xx1', agent: 'a-1' }, 'telemetry')).toBe(
      'tongtang/v1/qilian/xx1/a-1/telemetry',
    );
    fc.assert(
      fc.property(address, channel, (address, channel) => {
        expect(parseTopic(topicOf(address, channel))).toEqual({ address, channel });
      }),
    );
  });

  it('T-1: there are three channels each way', () => {
    expect(channels).toEqual({
      telemetry: 'up',
      status: 'up',
      reply: 'up',
      commit: 'down',
      config: 'down',
      command: 'down',
    });
  });

  it.each([
    'tongtang/v1/qilian/xx1/a1',
    'tongtang/v1/qilian/xx1/a1/telemetry/x',
    'tongtang/v2/qilian/xx1/a1/telemetry',
    'tongtang/v1/Qilian/xx1/a1/telemetry',
    'tongtang/v1/qi.lian/xx1/a1/telemetry',
    'tongtang/v1/-qilian/xx1/a1/telemetry',
    `tongtang/v1/${'a'.repeat(33)}/xx1/a1/telemetry`,
    'tongtang/v1/qilian//a1/telemetry',
    'tongtang/v1/+/xx1/a1/telemetry',
    'tongtang/v1/qilian/xx1/a1/toString',
    'tongtang/v1/qilian/xx1/a1/telemetry\n',
    '',
  ])('T-2: %s is none of ours', (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });

  it('T-2: survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseTopic(text)).toBeUndefined();
      }),
    );
  });

  it('filters select one channel of all agents of a county, or of all', () => {
    expect(filterOf('qilian', 'status')).toBe('tongtang/v1/qilian/+/+/status');
    expect(filterOf('+', 'telemetry')).toBe('tongtang/v1/+/+/+/telemetry');
  });
});
