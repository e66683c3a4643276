import type { Fields } from '@tongtang/model/sample';
import { describe, expect, it } from 'vitest';
import { GiveWay } from './give-way.ts';

const stamp = (rtt: number, target = 'hub') => ({
  measurement: 'stamp' as const,
  tags: { link: 'broadband', target },
  fields: { ok: true, rtt_ms: rtt },
});
const stream = (fields: Fields) => ({
  measurement: 'mpegts' as const,
  tags: { link: 'stream', target: 'grade-10' },
  fields,
});

describe('a test gives way', () => {
  it('when the round trip to the hub is 200 ms above the median of the runs before', () => {
    const giveWay = new GiveWay();
    for (const rtt of [40, 38, 900, 42, 41]) giveWay.observe(stamp(rtt));
    const signal = giveWay.begin();
    giveWay.observe(stamp(241));
    giveWay.observe(stamp(500, 'front-end'));
    expect(signal.aborted).toBe(false);
    giveWay.observe(stamp(242));
    expect(signal.reason).toBe('rtt');
  });

  it('compared with what was usual before it, not with what it caused itself', () => {
    const giveWay = new GiveWay();
    for (let run = 0; run < 5; run += 1) giveWay.observe(stamp(600));
    giveWay.begin();
    for (let run = 0; run < 60; run += 1) giveWay.observe(stamp(1500));
    giveWay.end();
    const next = giveWay.begin();
    giveWay.observe(stamp(801));
    expect(next.reason).toBe('rtt');
  });

  it('by nothing where no round trip is known', () => {
    const giveWay = new GiveWay();
    const signal = giveWay.begin();
    giveWay.observe(stamp(5000));
    expect(signal.aborted).toBe(false);
  });

  it('when a stream begins, not while one goes on or ends', () => {
    const giveWay = new GiveWay();
    giveWay.observe(stream({ ok: true, stream_bit_s: 8e6 }));
    const first = giveWay.begin();
    giveWay.observe(stream({ ok: true, stream_bit_s: 8e6 }));
    giveWay.observe(stream({ ok: false, failure: 'path', error: 'no stream' }));
    expect(first.aborted).toBe(false);
    giveWay.observe(stream({ ok: true, stream_bit_s: 8e6 }));
    expect(first.reason).toBe('stream');
  });

  it('when a lesson is near that was not known of; one that has ended is left alone', () => {
    const giveWay = new GiveWay();
    giveWay.lessonNear();
    const signal = giveWay.begin();
    giveWay.end();
    giveWay.lessonNear();
    expect(signal.aborted).toBe(false);
    const next = giveWay.begin();
    giveWay.lessonNear();
    expect(next.reason).toBe('lesson');
  });
});
