import { networkProbes } from '@tongtang/probes/network-probes';
import type { Probe } from '@tongtang/probes/probe';
import { testContext } from '@tongtang/probes/probe.fixture';
import type { Config } from '@tongtang/wire/messages';
import { describe, expect, it } from 'vitest';
import { measuringTasks } from './measuring.ts';
import type { BuiltInTask, ProbeTable } from './probe-set.ts';

const config: Config = {
  revision: '1',
  tasks: [
    { probe: 'tcp', link: 'broadband', target: 'front-end', address: '192.0.2.1:80', every: 60 },
    { probe: 'snmp', link: 'satellite', target: 'dish', address: '192.0.2.2?profile=a', every: 30 },
    { probe: 'later', link: 'broadband', target: 'unknown', address: 'anything', every: 30 },
    { probe: 'constructor', link: 'broadband', target: 'odd', address: 'anything', every: 30 },
    { probe: 'throughput', link: 'broadband', target: 'bandwidth', address: 'hub', every: 86_400 },
    { probe: 'ping', link: 'broadband', target: 'mistyped', address: 'not an address', every: 30 },
  ],
  lessons: [],
  dictionaries: [],
  bytesPerDay: 1_200_000,
};

const tasksWith = (probes: ProbeTable, tasks = config.tasks) =>
  measuringTasks({
    set: { probes, builtIn: [], samplers: [] },
    config: { ...config, tasks },
    context: testContext,
    tests: { testIfDue: async () => [] },
    nowMs: () => 0,
    onReadings: () => {},
  });

describe('what an agent does of the tasks of its school', () => {
  it('M-6: is what it has probes for; the rest is no job of its own, and no problem', () => {
    const { tasks, problems } = tasksWith(networkProbes);
    expect(tasks.map(({ key }) => key)).toEqual([
      'tcp broadband front-end',
      'throughput broadband bandwidth',
    ]);
    expect(problems).toEqual(['mistyped: "not an address" is not a host']);
  });

  it('is more where its kind has more', () => {
    const snmp: Probe = { ...networkProbes.tcp, measurement: 'signal', checkAddress: () => undefined };
    expect(tasksWith({ ...networkProbes, snmp }).tasks.map(({ key }) => key)).toEqual([
      'tcp broadband front-end',
      'snmp satellite dish',
      'throughput broadband bandwidth',
    ]);
  });

  it('is for lessons to be quiet where it fills the link: looked at often, and heavy', () => {
    const { tasks } = tasksWith(networkProbes);
    expect(tasks.map(({ everyS, heavy }) => ({ everyS, heavy }))).toEqual([
      { everyS: 60, heavy: false },
      { everyS: 20, heavy: true },
    ]);
  });
});

describe('what an agent measures by itself', () => {
  const builtIn = (probe: BuiltInTask['probe'], every: number): BuiltInTask => ({
    probe,
    link: 'broadband',
    target: 'own',
    every,
    find: async () => ({ address: '192.0.2.1' }),
  });
  const tasksOf = (samplerEvery: number) =>
    measuringTasks({
      set: {
        probes: networkProbes,
        builtIn: [builtIn('ping', 10), builtIn('dns', 30), builtIn('stamp', 10), builtIn('path', 86_400)],
        samplers: [{ name: 'host', every: samplerEvery, sample: async () => [] }],
      },
      config: {
        ...config,
        tasks: [{ probe: 'stamp', link: 'broadband', target: 'other', address: '192.0.2.9', every: 10 }],
      },
      context: testContext,
      tests: { testIfDue: async () => [] },
      nowMs: () => 0,
      onReadings: () => {},
    }).tasks;

  it('as often shares a wake', () => {
    expect(tasksOf(30).map(({ key, everyS, follows }) => [key, everyS, follows])).toEqual([
      ['ping broadband own', 10, undefined],
      ['dns broadband own', 30, undefined],
      ['stamp broadband own', undefined, 'ping broadband own'],
      ['path broadband own', 86_400, undefined],
      ['stamp broadband other', 10, undefined],
    ]);
  });

  it('samples the machine in a wake of its own where no probe runs as often', () => {
    expect(tasksOf(20).map(({ key, everyS }) => [key, everyS])).toContainEqual(['host', 20]);
  });
});

describe('the folder of recorded lessons', () => {
  it('is looked at where the hub names one and the machine shows lessons', async () => {
    const asked: string[] = [];
    const taken: unknown[] = [];
    const tasksOf = (folder: Pick<Config, 'lessonFiles'>, looks: boolean) =>
      measuringTasks({
        set: {
          probes: networkProbes,
          builtIn: [],
          samplers: [],
          ...(looks && {
            lessonFiles: async (path: string) => {
              asked.push(path);
              return [];
            },
          }),
        },
        config: { ...config, tasks: [], ...folder },
        context: testContext,
        tests: { testIfDue: async () => [] },
        nowMs: () => 0,
        onReadings: (readings) => taken.push(readings),
      }).tasks;
    expect(tasksOf({ lessonFiles: '/srv/lessons' }, false)).toEqual([]);
    expect(tasksOf({}, true)).toEqual([]);
    const [look] = tasksOf({ lessonFiles: '/srv/lessons' }, true);
    expect(look).toMatchObject({ key: 'lesson_files', everyS: 300, heavy: false });
    await look?.run();
    expect([asked, taken]).toEqual([['/srv/lessons'], [[]]]);
  });
});

describe('the route to a target', () => {
  const beatOf = (every: number) =>
    tasksWith(networkProbes, [
      { probe: 'path', link: 'broadband', target: 'front-end', address: '192.0.2.1', every },
    ]).tasks;

  it('is traced when the state of its link changes as well, and no more often than every ten minutes on average', () => {
    const prompt = { by: 'broadband', apartS: 600 };
    expect(beatOf(86_400)).toMatchObject([{ everyS: 86_400, prompt }]);
    expect(beatOf(60)).toMatchObject([{ everyS: 600, prompt }]);
  });
});
