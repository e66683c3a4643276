import { tmpdir } from 'node:os';
import { classroom } from '@tongtang/agent-classroom/classroom';
import { receiverProbes, targetProbes } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { receiver } from './receiver.ts';

const nowhere = { host: '127.0.0.1', port: 9 };
const context = {
  identity: {
    agent: 'a-1',
    county: 'local',
    school: 'school',
    password: 'secret',
    hub: 'http://127.0.0.1:9',
    mqtt: { protocol: 'mqtt', ...nowhere },
    stamp: nowhere,
  },
  dataFolder: tmpdir(),
  log: createLog('error'),
} as const;

describe('the agents of a school', () => {
  it('leave no target of an inventory unmeasured: the one beside a receiver has every probe', () => {
    const own = Object.keys(receiver(context).probes).sort();
    expect(own).toEqual([...targetProbes].sort());
    const ofClassroom = Object.keys(classroom(context).probes);
    expect([...ofClassroom, ...receiverProbes].sort()).toEqual(own);
  });

  it('measure the ways out of their machines all alike', () => {
    const measured = [receiver, classroom].map((kind) => {
      const { builtIn, samplers } = kind(context);
      return [...builtIn.map(({ link, target }) => `${link} ${target}`), ...samplers.map(({ name }) => name)];
    });
    expect(measured[0]).toEqual(measured[1]);
    expect(measured[0]).toContain('broadband hub');
  });
});
