import type { Fields, FieldValue } from '@tongtang/model/sample';
import type { ProbeResult } from '../probe.ts';
import type { AnalyserReport } from './analyser.ts';
import { packetBytes } from './packet.ts';
import type { StreamReport } from './stream.ts';
import { streamScore } from './stream-score.ts';

/** What a report says of transport packets and their tables: the same for streams and files. */
function packetFields(report: AnalyserReport, seconds: number): Fields {
  const { counts, programmes, clocks, pts, pids } = report;
  const worst = pids.reduce((most, pid) => (pid.errors > most.errors ? pid : most), {
    pid: 0,
    packets: 0,
    errors: 0,
  });
  return defined({
    interval_s: seconds,
    stream_bit_s: seconds > 0 ? (counts.packets * packetBytes * 8) / seconds : undefined,
    packets: counts.packets,
    null_ratio: counts.packets > 0 ? counts.nullPackets / counts.packets : undefined,
    malformed_packets: counts.malformed,
    pat_errors: programmes.patErrors,
    continuity_errors: counts.continuityErrors,
    video_errors: counts.videoErrors,
    audio_errors: counts.audioErrors,
    worst_pid: worst.errors > 0 ? worst.pid : undefined,
    worst_pid_errors: worst.errors > 0 ? worst.errors : undefined,
    pmt_errors: programmes.pmtErrors,
    pid_errors: programmes.pidErrors,
    transport_errors: counts.transportErrors,
    crc_errors: counts.crcErrors,
    pcr_repetition_errors: clocks.repetitionErrors,
    pcr_discontinuity_errors: clocks.discontinuityErrors,
    pcr_accuracy_errors: clocks.accuracyNs === undefined ? undefined : clocks.accuracyErrors,
    pts_errors: pts.errors,
    cat_errors: counts.catErrors,
    pat_interval_ms: programmes.patLongestMs,
    pmt_interval_ms: programmes.pmtLongestMs,
    pcr_interval_ms: clocks.longestMs,
    pcr_sparse: clocks.sparse,
    pts_interval_ms: pts.longestMs,
    pcr_accuracy_ns: clocks.accuracyNs === undefined ? undefined : Math.round(clocks.accuracyNs),
    jitter_ms: clocks.jitterMs,
    pcr_jitter_ms: clocks.spreadMs,
    programmes: programmes.programmes,
    pids: pids.filter(({ packets }) => packets > 0).length,
    missing_pids: programmes.missingPids,
    unwatched_programmes: programmes.unwatchedProgrammes,
    unwatched_packets: counts.unwatched,
  });
}

/**
 * The result of listening to a stream.
 * @param dropped datagrams that this machine received and dropped, because nobody took them in time; undefined where it
 *   does not say
 */
export function streamResult(report: StreamReport, dropped: number | undefined): ProbeResult {
  const { packets, rtp } = report;
  const tooSlow = (dropped ?? 0) > 0;
  const fields = defined({
    ...packetFields(packets, report.intervalMs / 1000),
    absent_s: report.absentMs / 1000,
    sync_losses: report.syncLosses,
    sync_byte_errors: report.syncByteErrors,
    // Where this machine was too slow, nothing is known of the path.
    loss_ratio: tooSlow ? undefined : lossRatio(report),
    ...(tooSlow ? {} : scoreFields(report)),
    rtp_lost: rtp?.lost,
    reordered: rtp?.reordered,
    duplicates: report.duplicates,
    malformed_datagrams: report.malformed,
    ignored_datagrams: report.ignored,
    dropped_datagrams: dropped,
  });
  if (report.datagrams === 0) return { ok: false, source: 'path', error: 'no stream', fields };
  if (packets.counts.packets === 0)
    return { ok: false, source: 'target', error: 'no transport stream', fields };
  return judged(packets, fields);
}

/** The result of reading a file. @param framing what was found while its packets were looked for */
export function fileResult(
  packets: AnalyserReport,
  seconds: number,
  framing: Readonly<{ syncLosses: number; syncByteErrors: number }>,
): ProbeResult {
  const fields = {
    ...packetFields(packets, seconds),
    sync_losses: framing.syncLosses,
    sync_byte_errors: framing.syncByteErrors,
  };
  if (packets.counts.packets === 0)
    return { ok: false, source: 'target', error: 'no transport stream', fields };
  return judged(packets, fields);
}

/** A stream that nobody could decode for the whole interval does not do what it is there for. */
function judged({ counts, programmes }: AnalyserReport, fields: Fields): ProbeResult {
  const source = counts.continuityErrors > 0 ? 'path' : 'target';
  if (programmes.programmes === undefined) return { ok: false, source, error: 'no PAT', fields };
  if (programmes.programmes > 0 && programmes.described === 0)
    return { ok: false, source, error: 'no PMT', fields };
  return { ok: true, fields };
}

/**
 * The share of the stream that did not arrive: packets that are missing while it flowed, by RTP's numbers or else at
 * least so many by the continuity counters, and the time that it was away.
 */
function lossRatio({ intervalMs, absentMs, packets, rtp }: StreamReport): number | undefined {
  if (intervalMs === 0) return undefined;
  const present = 1 - Math.min(1, absentMs / intervalMs);
  const { missing, packets: came, nullPackets } = packets.counts;
  const [lost, received] = rtp === undefined ? [missing, came - nullPackets] : [rtp.lost, rtp.received];
  return 1 - present * (lost + received === 0 ? 1 : received / (lost + received));
}

/** How the stream was, and what that is known from; nothing of one whose pictures or sound are scrambled. */
function scoreFields({ packets, rtp, seconds }: StreamReport): Fields {
  const score = packets.counts.hidden > 0 ? undefined : streamScore(seconds);
  if (score === undefined) return {};
  const from = rtp === undefined ? 'continuity' : 'rtp';
  return { stream_score: score, score_from: from, scored_s: seconds.scored, frozen_s: seconds.frozen };
}

function defined(fields: Readonly<Record<string, FieldValue | undefined>>): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined),
  );
}
