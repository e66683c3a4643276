import type { Fields } from '@tongtang/model/sample';
import { errorsBelowDb, isLocked } from '../county/conditions.ts';
import type { Noise } from '../county/noise.ts';
import { between, decimals, failed } from './figures.ts';
import type { Moment } from './instruments.ts';

/** Of the lessons' stream. Bits a second, and bits of an RTP datagram of seven transport packets. */
const rate = 6_200_000;
const packetBits = 188 * 8;
const packetsPerDatagram = 7;

/** What arrives of the lessons' stream. */
export function readStream({ time, sinceS, conditions }: Moment, noise: Noise): Fields {
  const { cable, storm, broadcast, forwarded, marginDb } = conditions;
  const draw = noise.draws(time);
  if (!cable || !broadcast || !forwarded || !isLocked(conditions))
    return failed('path', 'no stream', sinceS * 1000, {
      interval_s: sinceS,
      absent_s: sinceS,
      packets: 0,
      loss_ratio: 1,
      stream_score: 0,
      scored_s: sinceS,
    });
  const loss = storm ? between(draw, 0.04, 0.2) : marginDb < errorsBelowDb ? between(draw, 0.02, 0.08) : 0;
  const sent = (rate * (1 + 0.01 * noise.wander(time, 300)) * sinceS) / packetBits;
  const packets = Math.round(sent * (1 - loss));
  const lost = Math.round((sent * loss) / packetsPerDatagram);
  const errors = Math.round(lost * 1.3);
  const video = Math.round(errors * 0.9);
  return {
    ok: true,
    interval_s: sinceS,
    absent_s: 0,
    stream_bit_s: (packets * packetBits) / sinceS,
    packets,
    null_ratio: decimals(0.04 + 0.01 * draw(), 4),
    loss_ratio: lost === 0 ? 0 : lost / (lost + packets / packetsPerDatagram),
    stream_score: loss === 0 ? 100 : Math.round(between(draw, 5, 60)),
    score_from: 'rtp',
    scored_s: sinceS,
    frozen_s: loss === 0 ? 0 : Math.round(sinceS * loss),
    rtp_lost: lost,
    reordered: 0,
    duplicates: 0,
    sync_losses: 0,
    pat_errors: loss > 0.1 ? Math.round(4 * draw()) : 0,
    continuity_errors: errors,
    video_errors: video,
    audio_errors: errors - video,
    pmt_errors: 0,
    pid_errors: 0,
    // What the sky damaged, the receiver marks; what the school's network lost, is not there.
    transport_errors: storm ? 0 : errors,
    crc_errors: 0,
    pts_errors: 0,
    pat_interval_ms: decimals(between(draw, 96, 104), 1),
    pmt_interval_ms: decimals(between(draw, 96, 104), 1),
    pcr_interval_ms: decimals(between(draw, 34, 39), 1),
    jitter_ms: decimals(between(draw, 0.4, 1.6) + (storm ? 40 : 0), 2),
    pcr_jitter_ms: decimals(between(draw, 3, 9) + (storm ? 180 : 0), 1),
    programmes: 1,
    pids: 6,
    missing_pids: 0,
  };
}
