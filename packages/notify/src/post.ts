import { Agent as PlainAgent, request as requestPlain } from 'node:http';
import { request as requestSecure, Agent as SecureAgent } from 'node:https';
import { codeOf } from '@tongtang/runtime/errors';
import { isLoopback } from '@tongtang/runtime/host-port';
import { Type } from 'typebox';
import { failure, type Outcome } from './outcome.ts';

/** An address to post to. It is a credential: robots have their key in it. TLS, but for programs on this machine. */
export const PostAddress = Type.String({
  pattern: '^(https://[^/?#@\\s]+|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?)(/\\S*)?$',
  form: 'must be https://…',
  maxLength: 2000,
});

/** The longest that a robot is waited for, in seconds: less than a hub that stops waits for its parts. */
export const answerWithinS = 8;
/** Robots answer in a line; what a portal says instead is of no use. */
const mostAnswerBytes = 64 * 1024;

export type Answer = Readonly<{ status: number; type: string; body: string }>;

/**
 * Posts a body and waits for the answer. Redirects are not followed: they lead to portals. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
 * hold, in capitals or not.
 * @returns the answer, or why there was none: in words that do not hold the address
 */
export async function post(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Readonly<{ answer: Answer }> | Extract<Outcome, { ok: false }>> {
  try {
    return { answer: await exchange(new URL(address), headers, body) };
  } catch (error) {
    // Messages of Node may hold the address, or a proxy's with its password.
    return failure('unreachable', `no answer: ${codeOf(error) ?? 'the connection failed'}`);
  }
}

/** Undefined where the answer is as it should be. */
export function statusFailure({ status }: Answer): Outcome | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return failure('throttled', 'HTTP 429');
  if (status >= 300 && status < 400) return failure('unreachable', `HTTP ${status}: a portal, perhaps`);
  if (status >= 500 || status === 408) return failure('unreachable', `HTTP ${status}`);
  if (status === 413) return failure('refused', 'HTTP 413: too long');
  return failure('broken', `HTTP ${status}`);
}

function exchange(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
  const secure = url.protocol === 'https:';
  // What is on this machine needs no proxy, whatever the environment says.
  const proxyEnv = isLoopback(url.hostname) ? {} : process.env;
  const agent = secure ? new SecureAgent({ proxyEnv }) : new PlainAgent({ proxyEnv });
  const length = String(Buffer.byteLength(body));
  const signal = AbortSignal.timeout(answerWithinS * 1000);
  return new Promise<Answer>((resolve, reject) => {
    const sent = (secure ? requestSecure : requestPlain)(
      url,
      { method: 'POST', agent, signal, headers: { ...headers, 'content-length': length } },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= mostAnswerBytes) chunks.push(chunk);
          else answer.destroy();
        });
        answer.once('error', reject);
        answer.once('close', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(body);
  }).finally(() => agent.destroy());
}
