import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import type { Probe, ProbeContext, ProbeResult } from './probe.ts';
import { runProbe } from './runner.ts';

const target = { link: 'broadband', target: 'hub', address: 'hub:1' } as const;

function context(signal = new AbortController().signal): ProbeContext {
  let nowMs = 0;
  // Each look at the clock finds it 2.00049 ms later.
  return {
    signal,
    log: createLog('error').child({}, { level: 'silent' }),
    monotonicMs: () => (nowMs += 2.00049),
  };
}

function probe(run: Probe['run'], budgetMs = 10): Probe {
  return { measurement: 'stamp', budgetMs, checkAddress: () => undefined, run };
}

const ending = (result: ProbeResult) => probe(async () => result, 1000);

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('runProbe', () => {
  it('records success, duration and the fields, rounded to what their bytes are worth', async () => {
    const fields = { sent: 3, rtt_ms: 12.345678, loss_ratio: 0.333333, offset_ms: 2_220_000.00049 };
    expect(await runProbe(ending({ ok: true, fields }), target, context())).toEqual({
      measurement: 'stamp',
      tags: { link: 'broadband', target: 'hub' },
      fields: {
        sent: 3,
        rtt_ms: 12.346,
        loss_ratio: 0.3333,
        offset_ms: 2_220_000,
        ok: true,
        duration_ms: 2,
      },
    });
  });

  it('keeps bit errors of any smallness', async () => {
    const run = probe(async () => ({ ok: true, fields: { ber_post: 2.84e-7 } }));
    const reading = await runProbe({ ...run, measurement: 'signal' }, target, context());
    expect(reading.fields.ber_post).toBe(2.8e-7);
  });

  it('records which side failed and why, with what was measured on the way', async () => {
    const failure = {
      ok: false,
      source: 'path',
      error: 'no reply'.repeat(50),
      fields: { sent: 10 },
    } as const;
    expect((await runProbe(ending(failure), target, context())).fields).toEqual({
      sent: 10,
      ok: false,
      duration_ms: 2,
      failure: 'path',
      error: 'no reply'.repeat(10),
    });
  });

  it('calls what the probe throws a failure of the agent', async () => {
    const throwing = probe(() => {
      throw new Error('a mistake');
    });
    expect((await runProbe(throwing, target, context())).fields).toMatchObject({
      ok: false,
      failure: 'agent',
      error: 'a mistake',
    });
  });

  it('ends the probe when its budget is used up, and keeps its word on what it learnt', async () => {
    const patient = probe(async (_, { signal }) => {
      await untilAborted(signal);
      return { ok: false, source: 'path', error: 'timeout', fields: { sent: 4 } };
    });
    expect((await runProbe(patient, target, context())).fields).toMatchObject({ failure: 'path', sent: 4 });
  });

  it('gives a probe up that does not end', async () => {
    const hanging = probe(() => new Promise(() => {}));
    expect((await runProbe(hanging, target, context())).fields).toMatchObject({
      failure: 'agent',
      error: 'probe did not end in time',
    });
  });

  it('blames nobody else when the agent stops', async () => {
    const stop = new AbortController();
    const patient = probe(async (_, { signal }) => {
      stop.abort();
      await untilAborted(signal);
      return { ok: false, source: 'path', error: 'timeout' };
    }, 60_000);
    const reading = await runProbe(patient, target, context(stop.signal));
    expect(reading.fields).toMatchObject({ failure: 'agent', error: 'stopped' });
    expect(
      (await runProbe(ending({ ok: false, source: 'path', error: 'x' }), target, context(stop.signal)))
        .fields,
    ).toMatchObject({ failure: 'agent', error: 'stopped' });
  });
});
