import type { Probe } from '../probe.ts';
import { measureFile, measureOctets } from './file.ts';
import { Receivers, windowMs } from './receivers.ts';
import { parseSource } from './source.ts';

/** For files of any size, and streams that are piped in. Milliseconds. */
const longestReadMs = 3_600_000;

const receivers = new Receivers();

/**
 * A stream of lessons over UDP or RTP. The first run listens for a moment; where runs follow closely the stream is listened
 * to all the time, and a run says what came since the one before.
 */
export const mpegts: Probe = {
  measurement: 'mpegts',
  budgetMs: windowMs + 4000,
  checkAddress: (address) => {
    const source = parseSource(address);
    if ('problem' in source) return source.problem;
    return source.kind === 'socket'
      ? undefined
      : `"${address}" is not udp://address:port or rtp://address:port`;
  },
  run: async (address, context) => {
    const source = parseSource(address);
    if ('problem' in source || source.kind !== 'socket')
      return { ok: false, source: 'agent', error: 'not an address of a stream' };
    return receivers.run(address, source, context);
  },
};

/** The same, and files and standard input from their beginning to their end: for a single run that a person asks for. */
export const mpegtsOnce: Probe = {
  ...mpegts,
  budgetMs: longestReadMs,
  checkAddress: (address) => {
    const source = parseSource(address);
    return 'problem' in source ? source.problem : undefined;
  },
  run: async (address, context) => {
    const source = parseSource(address);
    if ('problem' in source) return { ok: false, source: 'agent', error: source.problem };
    switch (source.kind) {
      case 'file':
        return measureFile(source.path, context);
      case 'standard input':
        return measureOctets(process.stdin, context);
      default:
        return mpegts.run(address, context);
    }
  },
};
