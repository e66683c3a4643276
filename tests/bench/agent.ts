import { setTimeout as wait } from 'node:timers/promises';
import type { InventoryDocument } from '@tongtang/model/inventory';
import { type Peer, startIdleNode, startNetdata, startZabbixAgent, zabbixAnswers } from './agent-peers.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, median, type Result } from './benchmark.ts';
import { layDisk } from './own-disk.ts';
import type { ProcessGroup } from './process-cost.ts';
import { openSchool } from './school.ts';
import type { SchoolServers } from './school-servers.ts';
import { type AtEnd, tidily } from './tidily.ts';

/**
 * Seconds. All that comes now and then is in the window: the byte budget is saved and a course begins anew every ten
 * minutes, garbage is collected every five, the report for people is written every four.
 */
const warmUpS = 20;
const windowS = 660;
const lookEveryS = 10;

export const agent: Benchmark = {
  name: 'agent',
  about: 'memory, processor and disk of the shipped agent in a lesson, beside netdata and zabbix-agent2',
  run: (context) => tidily((atEnd) => measure(context, atEnd)),
};

async function measure({ say }: BenchmarkContext, atEnd: AtEnd): Promise<readonly Result[]> {
  const school = await openSchool(atEnd, 3, [{ n: 1, start: '08:00', end: '08:40' }], targets);
  const [, second, third] = school.classrooms;
  if (second === undefined || third === undefined) throw new Error('three classrooms are needed');
  const started = (peer: Peer): Peer => {
    atEnd(peer.stop);
    return peer;
  };
  const netdata = started(startNetdata(second));
  const zabbix = started(startZabbixAgent(third));
  const idle = started(startIdleNode());
  const ours = await school.startAgent(0, layDisk(atEnd));
  const nowS = Math.floor(Date.now() / 1000);
  await ours.tell([[nowS - 600, nowS + 7200]]);

  say(`${netdata.name}, ${zabbix.name}, ${idle.name}; ${warmUpS + windowS} s`);
  await wait(warmUpS * 1000);
  const groups = [ours.group, netdata.group, zabbix.group, idle.group] as const;
  const windows = groups.map((group) => new Window(group));
  for (let passed = 0; passed < windowS; passed += lookEveryS) {
    await wait(lookEveryS * 1000);
    for (const window of windows) window.look();
  }
  const [own, ofNetdata, ofZabbix, ofIdle] = windows.map((window) => window.end());
  if (own === undefined || ofNetdata === undefined || ofZabbix === undefined || ofIdle === undefined)
    throw new Error('not measured');
  const refused = [...zabbixAnswers].filter(([, answer]) => /^(ZBX_NOTSUPPORTED|no answer)/.test(answer));
  if (zabbixAnswers.size === 0 || refused.length > 0)
    throw new Error(`zabbix-agent2 did not answer: ${refused.join('; ')}`);

  return [
    atMost('agent.pss_mib', own.pssMib, 'MiB', 60),
    atMost('agent.private_mib', own.privateMib, 'MiB', 20),
    figure('agent.private_highest_mib', own.highestPrivateMib, 'MiB'),
    atMost('agent.cpu_ms_per_min', own.cpuMsPerMin, 'ms/min', 60),
    atMost('agent.disk_mb_per_day', own.writtenBytesPerDay / 1e6, 'MB/day', 20),
    atMost('agent.private.ratio_netdata', own.privateMib / ofNetdata.privateMib, '1', 0.5),
    atMost('agent.cpu.ratio_netdata', own.cpuMsPerMin / ofNetdata.cpuMsPerMin, '1', 0.2),
    atMost('agent.cpu.ratio_zabbix', own.cpuMsPerMin / ofZabbix.cpuMsPerMin, '1', 0.8),
    figure('netdata.private_mib', ofNetdata.privateMib, 'MiB'),
    figure('netdata.cpu_ms_per_min', ofNetdata.cpuMsPerMin, 'ms/min'),
    figure('zabbix.private_mib', ofZabbix.privateMib, 'MiB'),
    figure('zabbix.cpu_ms_per_min', ofZabbix.cpuMsPerMin, 'ms/min'),
    figure('idle_node.cpu_ms_per_min', ofIdle.cpuMsPerMin, 'ms/min'),
  ];
}

/**
 * Beside gateway, resolver and hub: what an inventory adds. A target is measured each minute where nothing else is said;
 * certificates of platforms are looked at each hour, this one once in the window.
 */
function targets({ tcp, https }: SchoolServers): InventoryDocument['targets'] {
  const host = 'platform.example';
  return [
    { id: 'front-end', link: 'broadband', probe: 'tcp', address: `${host}:${tcp}` },
    { id: 'page', link: 'platform', probe: 'http', address: `https://${host}:${https}/` },
    { id: 'certificate', link: 'platform', probe: 'tls', address: `${host}:${https}`, every: windowS },
  ];
}

/** Costs of a group of processes over the time from its making to its end. */
class Window {
  readonly #group: ProcessGroup;
  readonly #startMs = performance.now();
  readonly #startCpuMs: number;
  readonly #startBytes: number;
  readonly #pssMib: number[] = [];
  readonly #privateMib: number[] = [];

  constructor(group: ProcessGroup) {
    group.mustRun();
    this.#group = group;
    this.#startCpuMs = group.cpuMs();
    this.#startBytes = group.writtenBytes();
  }

  look(): void {
    const { pssMib, privateMib } = this.#group.memory();
    this.#pssMib.push(pssMib);
    this.#privateMib.push(privateMib);
  }

  end() {
    this.#group.mustRun();
    const minutes = (performance.now() - this.#startMs) / 60_000;
    return {
      /** Medians: a child such as `ping` may run at a look. */
      pssMib: median(this.#pssMib),
      privateMib: median(this.#privateMib),
      highestPrivateMib: Math.max(...this.#privateMib),
      cpuMsPerMin: (this.#group.cpuMs() - this.#startCpuMs) / minutes,
      writtenBytesPerDay: ((this.#group.writtenBytes() - this.#startBytes) / minutes) * 1440,
    };
  }
}
