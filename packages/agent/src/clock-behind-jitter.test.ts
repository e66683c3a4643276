import { steadyUnixMs } from '@tongtang/probes/stamp/clock';
import { SharedCounters } from '@tongtang/probes/stamp/counters';
import { sessionMetrics } from '@tongtang/probes/stamp/metrics';
import { startRelay } from '@tongtang/probes/stamp/relay.fixture';
import { seeded } from '@tongtang/probes/stamp/seeded.fixture';
import { runSession } from '@tongtang/probes/stamp/sender';
import { listen } from '@tongtang/probes/stamp/session-reflector';
import { afterAll, expect, it } from 'vitest';
import { HubClock } from './clock.ts';

/** One session that was measured over queues in one direction is off by half of them: the clock takes the best of eight. */

const wrongMs = 37 * 60_000;
const sessions = 8;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it.each([1, 2, 3, 4, 5])(
  'hub time is right within 2 ms on a PC 37 minutes wrong, behind a path with jitter (seed %i)',
  async (seed) => {
    const fail = (error: Error) => {
      throw error;
    };
    const options = { host: '127.0.0.1', port: 0 };
    const reflector = await listen(options, new SharedCounters(), fail, steadyUnixMs);
    cleanUp.push(reflector.stop);
    const random = seeded(seed);
    const relay = await startRelay(reflector.address.port, () => [25 + random() * 10]);
    cleanUp.push(relay.stop);
    const localMs = () => steadyUnixMs() - wrongMs;
    const clock = new HubClock({
      originMs: 0,
      monotonicMs: localMs,
      bootMs: localMs,
      wallMs: localMs,
    });
    for (let session = 0; session < sessions; session += 1) {
      const signal = AbortSignal.timeout(10_000);
      const { sent, replies } = await runSession('127.0.0.1', relay.port, signal, localMs);
      const { offset_ms, rtt_min_ms } = sessionMetrics(sent, replies);
      clock.learnOffset(Number(offset_ms), Number(rtt_min_ms));
    }
    expect(Math.abs(Number(clock.hubMs()) - steadyUnixMs())).toBeLessThan(2);
  },
);
