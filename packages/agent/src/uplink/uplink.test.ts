import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMosquitto, startMosquitto } from '../../../../tests/services/mosquitto.ts';
import { HubClock } from '../clock.ts';
import { LessonWindows } from '../lessons.ts';
import { Cable } from '../testing/cable.ts';
import { eventually } from '../testing/eventually.ts';
import { TestHub } from '../testing/test-hub.ts';
import { testTopic, UplinkAtWork } from '../testing/uplink-at-work.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { defaultBytesPerDay } from './byte-budget.ts';
import type { UplinkOptions } from './uplink.ts';

const config = {
  revision: 'r1',
  tasks: [{ probe: 'tcp', link: 'platform', target: 'library', address: '127.0.0.1:80', every: 60 }],
  lessons: [[1_800_000_000, 1_800_002_400]],
  dictionaries: [],
  bytesPerDay: 1_200_000,
};

let mosquitto: RunningMosquitto;
let hub: TestHub;
let cable: Cable;
const cleanUp: (() => Promise<void>)[] = [];

beforeAll(async () => {
  mosquitto = await startMosquitto({ users: { 'pc-1': 'right', hub: 'hub' } });
});
afterAll(() => mosquitto.stop());

async function meet(options: Partial<UplinkOptions> = {}): Promise<UplinkAtWork> {
  hub = await TestHub.connect(mosquitto.port, 'hub', 'hub');
  cable = await Cable.to(mosquitto.port);
  const work = new UplinkAtWork(cable.port, 'right', options);
  cleanUp.push(
    () => work.remove(),
    () => cable.remove(),
    () => hub.close(),
  );
  return work;
}

afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

describe('uplink over a real Mosquitto', () => {
  it('says that it is online, with its outbox, and keeps samples until the hub has committed them', async () => {
    const work = await meet();
    work.measure(20);
    work.uplink.start();
    await eventually(() => hub.points.size === 20, 'all samples at the hub');
    expect(hub.statuses[0]).toMatchObject({ state: 'online', outbox: work.outbox.stats().id });
    await eventually(() => work.outbox.stats().samples === 0, 'the outbox is empty');
  });

  it('stamps what was measured before hub time was known, by the time in the commit, when there is no STAMP', async () => {
    const work = await meet();
    hub.nowMs = () => Date.now() - 37 * 60_000;
    work.measure(5);
    work.uplink.start();
    await eventually(() => hub.points.size === 5, 'samples at the hub');
    for (const { time } of hub.points.values())
      expect(Math.abs(time - (Date.now() / 1000 - 37 * 60))).toBeLessThan(10);
    expect(work.clock.wallOffsetMs()).toBeCloseTo(-37 * 60_000, -3);
  });

  it('leaves a retained will that says offline, and says stopping when it stops in order', async () => {
    const work = await meet();
    work.uplink.start();
    await eventually(() => work.uplink.connected, 'connected');
    cable.cut();
    await eventually(() => hub.statuses.at(-1)?.state === 'offline', 'the will');
    cable.mend();
    await eventually(() => work.uplink.connected, 'connected again');
    await eventually(() => hub.statuses.at(-1)?.state === 'online', 'online again');
    await work.uplink.stop();
    await eventually(() => hub.statuses.at(-1)?.state === 'stopping', 'stopping');
  });

  it('sends the newest first after an outage, and then all of the backlog', async () => {
    const work = await meet();
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    cable.cut();
    await eventually(() => !work.uplink.connected, 'cut');
    for (let part = 0; part < 10; part += 1) work.measure(500);
    const held = work.outbox.stats();
    expect(held.samples).toBe(5000);
    // The outage lasted as long as its samples tell, and saved the bytes that they cost now.
    work.budget.saveAbsence(5000);
    cable.mend();
    await eventually(() => hub.batches.length > 0, 'a batch', 15_000);
    expect(hub.batches[0]?.to).toBe(held.lastSequence);
    await eventually(() => work.outbox.stats().samples === 0, 'the outbox is empty', 60_000);
    expect(hub.stored.get(held.id)?.at(-1)?.[1]).toBe(held.lastSequence);
  }, 90_000);

  describe('in lessons', () => {
    async function inLesson() {
      const time = new VirtualTime();
      const nowS = Date.now() / 1000;
      const lessons = new LessonWindows([[nowS - 60, nowS + 2400]]);
      const work = await meet({
        clock: new HubClock(time.sources),
        timers: time.timers,
        lessons: () => lessons,
      });
      work.uplink.start();
      await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
      const session = async (afterMs: number): Promise<void> => {
        await time.advance(afterMs);
        work.measure(1);
        work.uplink.sessionEnded();
      };
      const batches = async (): Promise<(readonly [from: number, to: number])[]> => {
        await eventually(() => work.outbox.stats().samples === 0, 'all is committed');
        return hub.batches.map(({ from, to }) => [from, to]);
      };
      return { time, work, session, batches };
    }

    it('sends with a session that ends within a second of the beat, and by itself a second after it', async () => {
      const { time, work, session, batches } = await inLesson();
      await session(4000);
      await session(8900);
      await session(200);
      work.measure(1);
      await time.advance(10_900);
      work.measure(1);
      await time.advance(200);
      expect(await batches()).toEqual([
        [1, 1],
        [2, 3],
        [4, 5],
      ]);
    });

    it('falls in step with the sessions at the next one where a batch went by itself, as a change of state does', async () => {
      const { time, work, session, batches } = await inLesson();
      await session(4000);
      await time.advance(3000);
      work.measure(1);
      work.uplink.linkChanged(true);
      await time.advance(1000);
      await session(500);
      await session(5500);
      await session(10_000);
      expect(await batches()).toEqual([
        [1, 1],
        [2, 2],
        [3, 4],
        [5, 5],
      ]);
    });
  });

  describe('while bytes run low', () => {
    const minuteMs = 60_000;
    async function low(usedBytes = defaultBytesPerDay) {
      const time = new VirtualTime();
      const work = await meet({ clock: new HubClock(time.sources), timers: time.timers });
      work.uplink.start();
      await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
      // With hub time the day began.
      work.budget.meter(usedBytes);
      return { time, work };
    }

    it('W-3: tells sixty changes of a link at once, and then one each five minutes', async () => {
      const { time, work } = await low();
      const change = async (): Promise<void> => {
        work.measure(1);
        work.uplink.linkChanged(true);
        await time.advance(1000);
      };
      for (let told = 1; told <= 60; told += 1) {
        await change();
        await eventually(() => work.outbox.stats().samples === 0, `change ${told} is committed`);
        expect(hub.batches.length).toBe(told);
      }
      await change();
      await time.advance(3.5 * minuteMs);
      expect(work.outbox.stats().samples).toBe(1);
      await change();
      await time.advance(0.5 * minuteMs);
      await eventually(() => work.outbox.stats().samples === 0, 'two changes are committed');
      expect(hub.batches.length).toBe(61);
    });

    /** The connection breaks as soon as it stands, so many times. */
    async function breakSessions(
      { time, work }: Awaited<ReturnType<typeof low>>,
      count: number,
    ): Promise<void> {
      for (let session = 1; session <= count; session += 1) {
        await eventually(() => work.uplink.connected, `session ${session}`);
        cable.cut();
        await eventually(() => !work.uplink.connected, 'its end');
        cable.mend();
        if (session < count) await time.advance(minuteMs);
      }
    }

    it('T-7: comes back as ever after twelve short sessions, and then one in twenty minutes', async () => {
      const agent = await low();
      await breakSessions(agent, 12);
      await agent.time.advance(8.9 * minuteMs);
      expect(agent.time.armed).toBe(1);
      await agent.time.advance(0.2 * minuteMs);
      await eventually(() => agent.work.uplink.connected, 'connected');
    });

    it('T-7: comes back as ever where bytes are plenty', async () => {
      const agent = await low(0);
      await breakSessions(agent, 15);
      await agent.time.advance(minuteMs);
      await eventually(() => agent.work.uplink.connected, 'connected');
    });
  });

  it('sends again what the link swallowed', async () => {
    const work = await meet();
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    cable.deaf = true;
    work.measure(10);
    work.uplink.linkChanged(true);
    await eventually(() => hub.points.size === 10, 'the samples reach the hub, their commit is lost');
    expect(work.outbox.stats().samples).toBe(10);
    cable.cut();
    cable.mend();
    await eventually(() => work.outbox.stats().samples === 0, 'committed after the reconnection');
    expect(hub.points.size).toBe(10);
  });

  it('goes on where a killed process stopped: nothing is lost, and what is sent twice is the same', async () => {
    const work = await meet();
    hub.commits = false;
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    work.measure(30);
    work.uplink.linkChanged(true);
    await eventually(() => hub.points.size === 30, 'samples at a hub that does not commit');
    cable.cut();
    await eventually(() => !work.uplink.connected, 'cut');
    await work.end();
    hub.commits = true;
    cable.mend();
    const next = new UplinkAtWork(cable.port, 'right', {}, work.folder);
    cleanUp.unshift(() => next.remove());
    next.uplink.start();
    await eventually(() => next.outbox.stats().samples === 0, 'committed');
    expect(hub.points.size).toBe(30);
  });

  it('ignores and counts commits of an outbox that is not its own', async () => {
    const work = await meet();
    hub.commits = false;
    work.uplink.start();
    await eventually(() => work.uplink.connected, 'connected');
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    work.measure(3);
    const foreign = { outbox: 'someoneelse', ranges: [[1, 1000]], time: Date.now(), hub: 'hub00000' };
    hub.say(testTopic, 'commit', foreign);
    await eventually(() => work.uplink.oddities.foreignCommits === 1, 'counted');
    expect(work.outbox.stats().samples).toBe(3);
  });

  it('takes a good configuration, and none that is garbage', async () => {
    const work = await meet();
    work.uplink.start();
    await eventually(() => work.uplink.connected, 'connected');
    hub.say(testTopic, 'config', '{"revision":');
    hub.say(testTopic, 'config', { ...config, lessons: 'tomorrow' });
    hub.say(testTopic, 'config', { ...config, tasks: [{ ...config.tasks[0], every: 0 }] });
    hub.say(testTopic, 'config', { ...config, unknownKey: true });
    await eventually(() => work.configs.length === 1, 'the good one');
    expect(work.uplink.oddities.unreadable).toBe(3);
    expect(work.configs[0]?.revision).toBe('r1');
  });

  it('answers a command to be live', async () => {
    const work = await meet();
    work.uplink.start();
    await eventually(() => work.uplink.connected, 'connected');
    hub.say(testTopic, 'command', { id: 'abcdefgh', action: 'live', seconds: 60 });
    await eventually(() => hub.replies.length === 1, 'the reply');
    expect(hub.replies[0]).toEqual({ id: 'abcdefgh', ok: true });
  });

  it('is refused with a wrong password, says why, and goes on measuring', async () => {
    hub = await TestHub.connect(mosquitto.port, 'hub', 'hub');
    const work = new UplinkAtWork(mosquitto.port, 'wrong');
    cleanUp.push(
      () => work.remove(),
      () => hub.close(),
    );
    work.uplink.start();
    await eventually(() => work.uplink.trouble !== '', 'refused');
    expect(work.uplink.trouble).toMatch(/enrol again/);
    work.measure(5);
    expect(work.outbox.stats().samples).toBe(5);
  });

  /** Measures and sends, batch after batch, until so many samples are at the hub. */
  async function report(work: UplinkAtWork, batches: number): Promise<void> {
    for (let batch = 0; batch < batches; batch += 1) {
      const before = hub.batches.length;
      work.measure(7);
      work.uplink.linkChanged(true);
      await eventually(() => hub.batches.length > before, 'the next batch');
    }
  }
  const following = { hubReads: () => ({ dictionary: true, following: true }) };

  it('F-2, F-3: tells what follows by what differs to a hub that reads it, in less than half of the bytes', async () => {
    const work = await meet(following);
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    await report(work, 6);
    expect(hub.batches.slice(-4).map(({ follows }) => follows)).toEqual([true, true, true, true]);
    const [whole = 0, next = 0] = [
      hub.batches.find(({ follows }) => !follows)?.bytes,
      hub.batches.at(-1)?.bytes,
    ];
    expect(next / whole).toBeLessThan(0.5);
    await eventually(() => work.outbox.stats().samples === 0, 'the outbox is empty');
  });

  it('F-6: begins anew where one was lost on the way, and nothing is missing', async () => {
    const work = await meet(following);
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    await report(work, 4);
    hub.loses = 1;
    work.measure(7);
    work.uplink.linkChanged(true);
    await eventually(() => hub.loses === 0, 'lost');
    await report(work, 4);
    await eventually(() => work.outbox.stats().samples === 0, 'all is committed');
    expect(hub.points.size).toBe(9 * 7);
    expect(hub.batches.at(-1)?.follows).toBe(true);
  });

  it('F-2: begins anew for another hub behind the same broker', async () => {
    const work = await meet(following);
    work.uplink.start();
    await eventually(() => work.clock.hubMs() !== undefined, 'hub time');
    await report(work, 4);
    hub.restart();
    await report(work, 4);
    await eventually(() => work.outbox.stats().samples === 0, 'all is committed');
    expect(hub.points.size).toBe(8 * 7);
  });
});
