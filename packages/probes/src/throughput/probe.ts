import type { Fields } from '@tongtang/model/sample';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { endpointOf, objectionTo } from './endpoint.ts';
import type { Flow } from './flow.ts';
import { bitRate, minimumRttMs, retransmitRatio } from './measurement.ts';
import { type Direction, longestMs, openingMs } from './ndt7.ts';

/** What one direction may cost: 4 s at 100 Mbit/s, and all of its 10 s at 40. Octets. */
const mostBytes = 50_000_000;

/** The bandwidth of the way to an ndt7 server: a download, then an upload, each over one TCP connection. */
export const throughput: Probe = throughputUpTo(mostBytes);

/** @param most octets that a direction may cost */
export function throughputUpTo(most: number): Probe {
  return {
    measurement: 'throughput',
    budgetMs: 2 * (openingMs + longestMs),
    checkAddress: objectionTo,
    run: (address, context) => measure(address, most, context),
  };
}

async function measure(address: string, most: number, context: ProbeContext): Promise<ProbeResult> {
  const endpoint = endpointOf(address, context.hub);
  if ('problem' in endpoint) return { ok: false, source: 'agent', error: endpoint.problem };
  // A library of 200 kB that an agent without such a target never needs.
  const [{ openTest }, { download }, { upload }] = await Promise.all([
    import('./open.ts'),
    import('./download.ts'),
    import('./upload.ts'),
  ]);

  const down = await openTest(endpoint, 'download', context);
  if (!down.ok) {
    const { retryAfterS, ...failure } = down;
    if (retryAfterS !== undefined) context.onBusy?.(retryAfterS);
    return failure;
  }
  const downloaded = await download(down, most, context);
  const { summary = {} } = downloaded;
  const rttMs = minimumRttMs(summary);
  const again = retransmitRatio(summary);
  const half = {
    ...down.fields,
    ...fieldsOf('download', downloaded),
    ...(rttMs !== undefined && { rtt_min_ms: rttMs }),
    ...(again !== undefined && { retransmit_ratio: again }),
  };
  if (downloaded.arrived === undefined) return { ...nothingMoved(downloaded, context), fields: half };
  if (context.giveWay?.aborted === true)
    return { ok: true, fields: { ...half, upload_cut_short: downloaded.cutShort ?? 'connection' } };

  const up = await openTest(endpoint, 'upload', context);
  if (!up.ok) return { ok: false, source: up.source, error: up.error, fields: half };
  const uploaded = await upload(up, most, context);
  const fields = { ...half, ...fieldsOf('upload', uploaded) };
  if (uploaded.arrived === undefined) return { ...nothingMoved(uploaded, context), fields };
  return { ok: true, fields };
}

function fieldsOf(direction: Direction, { bytes, arrived, cutShort }: Flow): Fields {
  const bitS = arrived && bitRate(arrived);
  return {
    [`${direction}_bytes`]: bytes,
    ...(arrived !== undefined && { [`${direction}_s`]: arrived.seconds }),
    ...(bitS !== undefined && { [`${direction}_bit_s`]: bitS }),
    ...(cutShort !== undefined && { [`${direction}_cut_short`]: cutShort }),
  };
}

/** The far end had agreed to a test, and then there was none. */
function nothingMoved({ cutShort = 'stalled' }: Flow, { giveWay }: ProbeContext) {
  return { ok: false, source: giveWay?.aborted === true ? 'agent' : 'target', error: cutShort } as const;
}
