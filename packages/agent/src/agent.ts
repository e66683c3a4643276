import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@tongtang/model/sample';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { messageOf } from '@tongtang/runtime/errors';
import { lockFolder } from '@tongtang/runtime/folder-lock';
import { stopAll } from '@tongtang/runtime/lifecycle';
import type { Log } from '@tongtang/runtime/log';
import { timestamp } from '@tongtang/runtime/timestamp';
import { hubReads } from '@tongtang/wire/following/batch-writer';
import type { Config } from '@tongtang/wire/messages';
import { randomId, systemBoot } from './boot.ts';
import { HubClock, systemTime } from './clock.ts';
import { ConfigFile } from './config-file.ts';
import { platformName } from './enrolment.ts';
import type { Identity } from './identity.ts';
import { Intake } from './intake.ts';
import { LessonWindows } from './lessons.ts';
import { measuringTasks } from './measuring.ts';
import { hubTarget, type ProbeSet } from './probe-set.ts';
import { outboxBefore, Reporter } from './reporter.ts';
import { Schedule } from './schedule.ts';
import { GarbageCollection, SelfMeter } from './self.ts';
import { isTurn, type LinkChange, LinkWatch } from './state-change.ts';
import type { AgentReport } from './status.ts';
import { GiveWay } from './throughput/give-way.ts';
import { ThroughputTests } from './throughput/tests.ts';
import { TestTurns } from './throughput/turns.ts';
import { systemTimers } from './timers.ts';
import { Uplink } from './uplink/uplink.ts';
import { version } from './version.ts';

export type AgentOptions = Readonly<{
  dataFolder: string;
  identity: Identity;
  probeSet: ProbeSet;
  log: Log;
}>;

export type RunningAgent = Readonly<{
  /** Ends measuring, sends what is left, says `stopping`. What the hub did not commit stays in the outbox. */
  stop: () => Promise<void>;
}>;

/** How often the agent measures itself. Seconds. */
const selfEveryS = 60;

/**
 * Starts an agent.
 *
 *   probe set ─┐
 *   config ────┴▶ schedule ─▶ probe ─▶ intake ─▶ outbox ─▶ uplink ─▶ broker ─▶ hub
 *      ▲             ▲          │        ▲         ▲         ▲ │
 *      │             │          │        │         └─commit──│─┤
 *      │       link watch ◀─────┤        │                   │ │
 *      │           └────────────│────────│───state change────┘ │
 *      │           clock ◀──────┴─STAMP──┘                     │
 *      │             ▲                                         │
 *      └──config─────┴─────────────time────────────────────────┘
 *
 * @throws where another agent runs on the folder, or the folder cannot be written
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { dataFolder, identity, log } = options;
  // mqtt-packet keeps a buffer of two bytes for each length of a packet that it has seen. Out of the pool, each of them
  // would keep 64 KiB with it, a further one a minute (found by the soak).
  Buffer.poolSize = 0;
  const unlock = lockFolder(join(dataFolder, 'agent'));
  if (unlock === undefined) throw new Error(`another agent runs on ${dataFolder}`);

  const boot = systemBoot();
  const clock = new HubClock();
  const stopping = new AbortController();
  const before = outboxBefore(dataFolder, log);
  const outbox = openOutbox({
    path: join(dataFolder, 'agent', 'outbox.db'),
    boot,
    opened: { monotonicMs: systemTime.bootMs(), wallMs: systemTime.wallMs() },
    log: log.child({ part: 'outbox' }),
    ...(before && { before }),
  });
  const intake = new Intake(outbox, clock, boot, () => lessons.near(clock.bestGuessS()));
  const configFile = new ConfigFile(dataFolder, log);
  let lessons = new LessonWindows(configFile.config?.lessons ?? []);
  const links = new LinkWatch();
  const set = options.probeSet({ identity, dataFolder, log });
  const reporter = new Reporter({ dataFolder, log, report });
  const { budget } = reporter;
  const startedMs = clock.localMs();
  const bootId = randomId();
  const giveWay = new GiveWay();
  const tests = new ThroughputTests({
    turns: new TestTurns({ dataFolder, agent: identity.agent, log }),
    giveWay,
    hub: { url: identity.hub, agent: identity.agent, password: identity.password },
    hubS: () => {
      const hubMs = clock.hubMs();
      return hubMs === undefined ? undefined : hubMs / 1000;
    },
    quietUntilS,
    log,
  });
  const garbage = new GarbageCollection(() => performance.now());

  const self = new SelfMeter({
    cpuMicros: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    residentBytes: () => process.memoryUsage.rss(),
    monotonicMs: () => performance.now(),
    outbox: () => outbox.stats(),
    hubMs: () => clock.hubMs(),
    wallOffsetMs: () => clock.wallOffsetMs(),
    wireBytesToday: () => budget.todayBytes,
    reconnects: () => uplink.reconnects,
  });
  const uplink = new Uplink({
    broker: identity.mqtt,
    address: identity,
    password: identity.password,
    outbox,
    clock,
    timers: systemTimers,
    budget,
    log: log.child({ part: 'uplink' }),
    lessons: () => lessons,
    hubReads: () => hubReads(configFile.config),
    facts: () => ({
      boot: bootId,
      version,
      startedAt: startedAtS(),
      platform: platformName(),
      hostname: hostname(),
    }),
    beforeSend: () => intake.flush(),
    onConfig: configure,
    onTime: hubAnswered,
    onChange: () => reporter.changed(),
  });
  const schedule = new Schedule({
    nowMs: () => clock.localMs(),
    timers: systemTimers,
    lessonNear: () => quietUntilS(clock.bestGuessS()) === undefined,
    onWake: wake,
    onError: (task, error) => log.error({ task, error: messageOf(error) }, 'a task failed'),
  });

  function wake(): void {
    const { sleptMs, steppedMs, doubted, followedMs } = clock.tick();
    if (doubted > 0)
      log.warn({ readings: doubted }, 'hub time jumps: not believed until several readings agree');
    if (followedMs !== 0) log.warn({ movedMs: Math.round(followedMs) }, 'hub time was moved');
    if (steppedMs !== 0) log.info({ steppedMs: Math.round(steppedMs) }, 'the wall clock was set');
    if (sleptMs === 0) return;
    log.info({ sleptS: Math.round(sleptMs / 1000) }, 'the machine was asleep');
    self.slept(sleptMs);
    uplink.wokeUp();
  }

  function quietUntilS(nowS: number): number | undefined {
    return lessons.quietUntil(nowS);
  }

  function measured(readings: readonly Reading[], atMs: number, everyS: number): void {
    // What was broken off by stopping says nothing of any link.
    if (stopping.signal.aborted) return;
    intake.take(readings, atMs);
    const before = links.count;
    for (const reading of readings) {
      learnFrom(reading);
      giveWay.observe(reading);
      tellChanges(links.observe(reading, atMs / 1000, everyS));
    }
    if (readings.some(isOfSession)) {
      uplink.sessionEnded();
      intake.sessionEnded();
    }
    // A link that begins as unknown has not changed, and is news to people here all the same.
    if (links.count > before) reporter.changed();
  }

  function tellChanges(changes: readonly LinkChange[]): void {
    for (const change of changes) {
      log.info(change, 'link state');
      reporter.changed();
      uplink.linkChanged([change.from, change.to].some((state) => state === 'down' || state === 'unknown'));
      if (isTurn(change)) schedule.prompt(change.link);
    }
  }

  function hubAnswered(): void {
    tellChanges(links.passed(clock.localMs() / 1000));
    timeLearned();
  }

  function learnFrom(reading: Reading): void {
    const { offset_ms: offset, rtt_min_ms: rtt } = reading.fields;
    if (!isOfSession(reading)) return;
    if (typeof offset !== 'number' || typeof rtt !== 'number') return;
    clock.learnOffset(offset, rtt);
    timeLearned();
  }

  function timeLearned(): void {
    if (intake.resolveTimes()) uplink.samplesPlaced();
  }

  function configure(config: Config): void {
    if (!configFile.take(config)) return;
    log.info({ revision: config.revision }, 'configuration');
    apply();
  }

  function apply(): void {
    const { config } = configFile;
    lessons = new LessonWindows(config?.lessons ?? []);
    if (quietUntilS(clock.bestGuessS()) === undefined) giveWay.lessonNear();
    if (config !== undefined) budget.bytesPerDay = config.bytesPerDay;
    const { tasks, problems } = measuringTasks({
      set,
      config,
      context: () => ({ signal: stopping.signal, log, monotonicMs: () => performance.now() }),
      tests,
      nowMs: () => clock.localMs(),
      onReadings: measured,
    });
    if (problems.length > 0) log.warn({ problems }, 'targets left out');
    const own = { key: 'agent', everyS: selfEveryS, heavy: false, run: measureSelf };
    schedule.set([...tasks, own]);
  }

  async function measureSelf(): Promise<void> {
    measured([self.reading()], clock.localMs(), selfEveryS);
    uplink.accountAbsence();
    garbage.collect();
    reporter.tick();
  }

  function startedAtS(): number {
    return guessS(startedMs);
  }

  /** A moment of the local clock, in hub time as soon as that is known. */
  function guessS(localMs: number): number {
    return clock.bestGuessS() - (clock.localMs() - localMs) / 1000;
  }

  function report(): AgentReport {
    const { samples, dropped, failedWrites } = outbox.stats();
    const clockOffsetMs = clock.wallOffsetMs();
    return {
      at: timestamp(Date.now()),
      pid: process.pid,
      agent: identity.agent,
      version,
      startedAt: timestamp(startedAtS() * 1000),
      hub: identity.hub,
      connected: uplink.connected,
      trouble: uplink.trouble,
      backlog: samples,
      dropped,
      failedWrites,
      ...(clockOffsetMs !== undefined && { clockOffsetMs: Math.round(clockOffsetMs) }),
      wireBytesToday: Math.round(budget.todayBytes),
      links: links.states(),
      linksSince: Object.fromEntries(
        [...links.sinceS()].map(([link, sinceS]) => [link, timestamp(guessS(sinceS * 1000) * 1000)]),
      ),
    };
  }

  apply();
  uplink.start();
  return {
    stop: () => {
      stopping.abort();
      return stopAll(
        [
          { name: 'schedule', stop: () => schedule.stop() },
          { name: 'intake', stop: () => intake.flush() },
          { name: 'uplink', stop: () => uplink.stop() },
          { name: 'outbox', stop: () => outbox.close() },
          // Last, so that it says of the outbox what that became.
          { name: 'reporter', stop: () => reporter.stop() },
          { name: 'lock', stop: unlock },
        ],
        log,
      );
    },
  };
}

/** Whether it is of a STAMP session with the hub. */
function isOfSession({ measurement, tags }: Reading): boolean {
  return measurement === 'stamp' && tags.target === hubTarget;
}
