import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Fields } from '@tongtang/model/sample';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { ProbeContext, ProbeResult } from '../probe.ts';

/** What is read of a body; the rest is left in the network: enough to see a page, little enough for a paid satellite. */
export const bodyLimitBytes = 64 * 1024;

/**
 * Asks for the page over an open connection and reads its beginning. Always destroys the socket.
 * @param startMs when the run began, for `first_byte_ms`
 * @param before fields of the phases before, kept in the result
 */
export async function get(
  socket: Socket,
  url: URL,
  startMs: number,
  before: Fields,
  { signal, monotonicMs }: ProbeContext,
): Promise<ProbeResult> {
  const fields: Record<string, Fields[string]> = { ...before };
  try {
    const response = await ask(socket, url);
    const status = response.statusCode ?? 0;
    fields.first_byte_ms = monotonicMs() - startMs;
    fields.status = status;
    fields.body_bytes = await readBeginning(response);
    if (status >= 500) return { ok: false, source: 'target', error: `HTTP ${status}`, fields };
    return { ok: true, fields };
  } catch (error) {
    const reason = signal.aborted ? 'timeout' : (codeOf(error) ?? messageOf(error));
    return { ok: false, source: 'target', error: reason, fields };
  } finally {
    socket.destroy();
  }
}

/** Resolves when the head of the answer has come, which the first packet of it carries. */
function ask(socket: Socket, { host, pathname, search }: URL): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({
      createConnection: () => socket,
      path: pathname + search,
      headers: { host, 'user-agent': 'tongtang', accept: '*/*', connection: 'close' },
    })
      .on('response', resolve)
      .on('error', reject)
      // A 101 without having been asked for is no answer to a GET.
      .on('upgrade', () => reject(new Error('upgraded')))
      .end();
  });
}

/** The bytes of the body, up to the limit. Rejects where it ends too early. */
async function readBeginning(response: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of response) {
    if (Buffer.isBuffer(chunk)) bytes += chunk.length;
    if (bytes >= bodyLimitBytes) return bodyLimitBytes;
  }
  return bytes;
}
