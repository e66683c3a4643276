import type { Socket } from 'node:net';

/** A head of an answer is some hundred octets, a description some hundred for each stream. */
const limits = { headBytes: 8 * 1024, bodyBytes: 64 * 1024 } as const;

export type RtspAnswer = Readonly<{ status: number; server: string; body: string }>;

/**
 * Asks an RTSP server to DESCRIBE all that it sends (RFC 2326, section 10.2) over an open connection. Nothing is set up, so
 * nothing changes for those who watch. Always destroys the socket.
 * @returns the answer, or what is wrong with it
 * @throws (rejects) with the error of the socket, or when it is destroyed
 */
export async function requestDescription(
  socket: Socket,
  url: string,
): Promise<RtspAnswer | { problem: string }> {
  socket.write(
    `DESCRIBE ${url} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\nUser-Agent: tongtang\r\nConnection: close\r\n\r\n`,
  );
  let received = '';
  // Latin-1: an octet is a character, so lengths are octets. Leaving the loop destroys the socket.
  for await (const chunk of socket.setEncoding('latin1')) {
    received += String(chunk);
    const answer = readAnswer(received, false);
    if (answer !== undefined) return answer;
  }
  return readAnswer(received, true) ?? { problem: 'the answer ended early' };
}

/**
 * Reads an answer as far as it has come.
 * @param received octets as Latin-1
 * @param ended whether nothing more comes
 * @returns undefined where more is needed
 */
export function readAnswer(received: string, ended: boolean): RtspAnswer | { problem: string } | undefined {
  const [, head, gap = ''] = /^([\s\S]*?)(\r?\n\r?\n)/.exec(received.slice(0, limits.headBytes)) ?? [];
  if (!'RTSP/1.'.startsWith(received.slice(0, 7))) return { problem: 'not RTSP' };
  if (head === undefined)
    return received.length < limits.headBytes ? undefined : { problem: 'a head without an end' };
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [, status] = /^RTSP\/1\.\d (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) return { problem: 'not RTSP' };
  const body = received.slice(head.length + gap.length);
  const length = headerIn(lines, 'content-length');
  const answer = { status: Number(status), server: headerIn(lines, 'server') ?? '' };
  if (length !== undefined && !/^\d{1,9}$/.test(length)) return { problem: 'not a Content-Length' };
  if (Math.max(Number(length ?? 0), body.length) > limits.bodyBytes)
    return { problem: `more than ${limits.bodyBytes / 1024} KiB` };
  // RFC 2326 takes a missing length for 0; servers that leave it out close when they have said all.
  if (length === undefined) return ended || answer.status !== 200 ? { ...answer, body } : undefined;
  return body.length < Number(length) ? undefined : { ...answer, body: body.slice(0, Number(length)) };
}

function headerIn(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((candidate) => candidate.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}
