import { bindTo, Membership } from '../mpegts/membership.ts';
import type { SocketSource } from '../mpegts/source.ts';
import { statusInRtcp } from './rtcp.ts';

/** Servers tell five times a second; some lost packets are borne. Milliseconds. */
const waitMs = 3000;

/**
 * Joins the group to which a server sends, and waits for the first status that it tells.
 * @returns undefined where none came in time, or before the signal
 * @throws (rejects) with the system's code where the group cannot be joined
 */
export async function listenForStatus(group: SocketSource, signal: AbortSignal): Promise<string | undefined> {
  const socket = await bindTo(group);
  const heard = Promise.withResolvers<string | undefined>();
  const silent = () => heard.resolve(undefined);
  const silence = setTimeout(silent, waitMs);
  signal.addEventListener('abort', silent, { once: true });
  if (signal.aborted) silent();
  try {
    socket.on('error', heard.reject);
    socket.on('message', (datagram) => {
      const status = statusInRtcp(datagram);
      if (status !== undefined) heard.resolve(status);
    });
    new Membership(socket, group);
    return await heard.promise;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', silent);
    socket.close();
  }
}
