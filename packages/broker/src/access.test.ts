import { type Channel, channels, topicOf } from '@tongtang/wire/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnStatus, maySubscribe, publishRefusal } from './access.ts';

const own = { county: 'qilian', school: 'babao', agent: 'pc-1' };
const others = [
  { ...own, agent: 'pc-2' },
  { ...own, school: 'arou' },
  { ...own, county: 'menyuan' },
];
const up: Channel[] = ['telemetry', 'status', 'reply'];
const down: Channel[] = ['commit', 'config', 'command'];

describe('an agent', () => {
  it('publishes its own upward channels and no other', () => {
    for (const channel of up) {
      expect(publishRefusal(own, { topic: topicOf(own, channel), qos: 1, retain: false })).toBeUndefined();
      for (const other of others)
        expect(publishRefusal(own, { topic: topicOf(other, channel), qos: 1, retain: false })).toBe(
          'publish',
        );
    }
    for (const channel of down)
      expect(publishRefusal(own, { topic: topicOf(own, channel), qos: 1, retain: false })).toBe('publish');
  });

  it('has only its status retained and uses no QoS 2', () => {
    expect(publishRefusal(own, { topic: topicOf(own, 'status'), qos: 1, retain: true })).toBeUndefined();
    expect(publishRefusal(own, { topic: topicOf(own, 'telemetry'), qos: 1, retain: true })).toBe('retain');
    expect(publishRefusal(own, { topic: topicOf(own, 'telemetry'), qos: 2, retain: false })).toBe('qos');
  });

  it('subscribes its own downward channels by their full names', () => {
    for (const channel of down) {
      expect(maySubscribe(own, topicOf(own, channel))).toBe(true);
      for (const other of others) expect(maySubscribe(own, topicOf(other, channel))).toBe(false);
    }
    for (const channel of up) expect(maySubscribe(own, topicOf(own, channel))).toBe(false);
  });

  it('has a will for its own status only', () => {
    expect(isOwnStatus(own, topicOf(own, 'status'))).toBe(true);
    expect(isOwnStatus(own, topicOf(own, 'telemetry'))).toBe(false);
    for (const other of others) expect(isOwnStatus(own, topicOf(other, 'status'))).toBe(false);
  });

  it('gets nothing by wildcards, shared subscriptions or anything odd', () => {
    const filter = topicOf(own, 'commit');
    const odd = [
      '#',
      '+/#',
      '$SYS/#',
      `$share/x/${filter}`,
      `${filter}/#`,
      `/${filter}`,
      filter.replace('pc-1', '+'),
    ];
    for (const text of odd) expect(maySubscribe(own, text)).toBe(false);
    const allowed = Object.keys(channels).map((channel) => `tongtang/v1/qilian/babao/pc-1/${channel}`);
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!allowed.includes(text));
        expect(maySubscribe(own, text)).toBe(false);
        expect(publishRefusal(own, { topic: text, qos: 0, retain: false })).toBe('publish');
      }),
    );
  });
});
