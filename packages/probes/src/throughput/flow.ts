import type { ProbeContext } from '../probe.ts';
import type { Arrived, Measurement } from './measurement.ts';
import { type Direction, nominalMs } from './ndt7.ts';
import type { OpenTest } from './open.ts';

/** What may end a direction before its time; the catalogue says what each means. */
const cutShorts = ['bytes', 'lesson', 'stream', 'rtt', 'connection', 'stalled', 'server'] as const;
export type CutShort = (typeof cutShorts)[number];

/** One direction of a test, as it went. */
export type Flow = Readonly<{
  /** Octets of messages received, or handed over to be sent. */
  bytes: number;
  /** What the rate follows from; absent where that is not known. */
  arrived?: Arrived;
  cutShort?: CutShort;
  /** The last that the server said. */
  summary?: Measurement;
}>;

/** Nothing has moved for so long: TCP sends a lost packet again after one second, and after two more. Milliseconds. */
const stalledMs = 4000;
/** For a closing handshake behind what is still under way; then the rest is given up. Milliseconds. */
const closingMs = 1000;
const lookEveryMs = 100;
const progressEveryMs = 1000;

export type FlowWatch = Readonly<{
  direction: Direction;
  test: OpenTest;
  context: ProbeContext;
  /** Any number that changes while something moves. */
  moved: () => number;
  /** The rate so far, in bit/s, where it is known. */
  rate: () => number | undefined;
  /** What is to be done at a time since the handshake, in milliseconds. */
  tick: (elapsedMs: number) => void;
}>;

/**
 * Waits for the end of one direction and leaves nothing behind: the socket is gone, its timers and listeners, too.
 * @param begin gets how to end it
 * @returns why it was cut short; undefined where it ran to its end
 */
export function untilEnd(
  { direction, test, context, moved, rate, tick }: FlowWatch,
  begin: (end: (cutShort?: CutShort) => void) => void,
): Promise<CutShort | undefined> {
  const { socket, reset } = test;
  const { monotonicMs, giveWay, onProgress } = context;
  const start = monotonicMs();
  let still = { moved: moved(), sinceMs: start };
  let toldMs = start;
  return new Promise((resolve) => {
    const end = (cutShort?: CutShort): void => {
      clearInterval(timer);
      giveWay?.removeEventListener('abort', makeWay);
      socket.off('close', closed);
      const inOrder = direction === 'upload' && (cutShort === undefined || cutShort === 'bytes');
      if (!inOrder) reset();
      if (!inOrder || socket.readyState === socket.CLOSED) {
        resolve(cutShort);
        return;
      }
      const late = setTimeout(reset, closingMs);
      socket.once('close', () => {
        clearTimeout(late);
        resolve(cutShort);
      });
      socket.close(1000);
    };
    const makeWay = (): void => end(wordOf(giveWay?.reason));
    const closed = (code: number): void => end(meaningOf(code, monotonicMs() - start));
    const look = (): void => {
      const now = monotonicMs();
      // Buffers of megabytes a second would pile up by tens of megabytes before Node looks after them by itself.
      globalThis.gc?.();
      if (moved() !== still.moved) still = { moved: moved(), sinceMs: now };
      if (now - still.sinceMs >= stalledMs) {
        end('stalled');
        return;
      }
      if (now - toldMs >= progressEveryMs) {
        toldMs = now;
        onProgress?.(progress(direction, now - start, rate()));
      }
      tick(now - start);
    };
    const timer = setInterval(look, lookEveryMs);
    giveWay?.addEventListener('abort', makeWay, { once: true });
    socket.once('close', closed);
    if (giveWay?.aborted === true) makeWay();
    else {
      begin(end);
      socket.resume();
    }
  });
}

/** The reason of an abort in a word of ours; it may be anything. */
function wordOf(reason: unknown): CutShort {
  return cutShorts.find((word) => word === reason) ?? 'connection';
}

/** A server may end a test at any time; that it did so early is told. Codes are those of RFC 6455 section 7.4.1. */
function meaningOf(code: number, elapsedMs: number): CutShort | undefined {
  if (elapsedMs >= 0.9 * nominalMs) return undefined;
  return code === 1006 ? 'connection' : 'server';
}

function progress(direction: Direction, elapsedMs: number, bitS: number | undefined): string {
  const rate = bitS === undefined ? '' : `, ${(bitS / 1e6).toFixed(1)} Mbit/s`;
  return `${direction} ${Math.round(elapsedMs / 1000)} s${rate}`;
}
