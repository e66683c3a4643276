import { createReadStream } from 'node:fs';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import { Analyser } from './analyser.ts';
import { Framer } from './framer.ts';
import { fileResult } from './result.ts';

/** Octets read at once. */
const chunkBytes = 256 * 1024;

/** Measures a stream from its first octet to its last, as fast as it can be read. Its time is its own clock's. */
export async function measureFile(path: string, context: ProbeContext): Promise<ProbeResult> {
  return measureOctets(createReadStream(path, { highWaterMark: chunkBytes }), context);
}

/** The same for octets from anywhere, such as standard input. */
export async function measureOctets(
  octets: AsyncIterable<Buffer>,
  { signal }: ProbeContext,
): Promise<ProbeResult> {
  const analyser = new Analyser('stream');
  const framer = new Framer((bytes, at) => analyser.packet(bytes, at, 0));
  try {
    for await (const chunk of octets) {
      framer.push(chunk, 0);
      if (signal.aborted) break;
    }
  } catch (error) {
    return { ok: false, source: 'agent', error: codeOf(error) ?? messageOf(error) };
  }
  const seconds = (analyser.nowMs ?? 0) / 1000;
  const result = fileResult(analyser.read(), seconds, framer);
  if (!signal.aborted) return result;
  return {
    ok: false,
    source: 'agent',
    error: 'not read to its end in time',
    ...(result.fields && { fields: result.fields }),
  };
}
