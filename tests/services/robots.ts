import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/**
 * Group robots as WeCom, DingTalk and Feishu document them: they check key, signature, time, size and rate, and answer with
 * the documented bodies, HTTP 200 to most failures. What they took is kept.
 */

export type RobotKind = 'wecom' | 'dingtalk' | 'feishu';

export type Taken = Readonly<{ at: number; text: string; body: Record<string, unknown> }>;

export type RunningRobot = Readonly<{
  /** With its key in it. */
  url: string;
  /** What it took, the oldest first. */
  taken: readonly Taken[];
  /** Everything that was asked of it, what it refused included. */
  asked: () => number;
  /** Answers this from now on, whatever is asked; undefined: as documented again. */
  answer: (answer: { status?: number; type?: string; body: string } | undefined) => void;
  /** Ends connections without an answer from now on, or no longer. */
  cut: (isCut: boolean) => void;
  stop: () => Promise<void>;
}>;

export const robotKey = '7f3a2c9e51d8';
export const robotSecret = 'SECtest0000000000000000000000000000000000000000000000000000000001';

/** Sends allowed in a span of seconds, as documented. */
const limits = {
  wecom: [[20, 60]],
  dingtalk: [[20, 60]],
  feishu: [
    [5, 1],
    [100, 60],
  ],
} as const;

const paths = {
  wecom: `/cgi-bin/webhook/send?key=${robotKey}`,
  dingtalk: `/robot/send?access_token=${robotKey}`,
  feishu: `/open-apis/bot/v2/hook/${robotKey}`,
} as const;

/** @param nowS the robot's clock, in seconds since 1970 */
export async function startRobot(kind: RobotKind, nowS: () => number): Promise<RunningRobot> {
  const taken: Taken[] = [];
  const arrivals: number[] = [];
  let fixed: { status?: number; type?: string; body: string } | undefined;
  let isCut = false;
  let asked = 0;

  const server = createServer(async (request, response) => {
    asked += 1;
    const text = await textOf(request);
    if (isCut) return void request.socket.destroy();
    if (fixed !== undefined) {
      response.writeHead(fixed.status ?? 200, { 'content-type': fixed.type ?? 'application/json' });
      return void response.end(fixed.body);
    }
    const now = nowS();
    arrivals.push(now);
    const isTooFast = limits[kind].some(
      ([sends, withinS]) => arrivals.filter((at) => at > now - withinS && at <= now).length > sends,
    );
    const answer = judges[kind]({ request, text, now, isTooFast });
    if (isTaken(answer)) {
      const body: Record<string, unknown> = JSON.parse(text);
      taken.push({ at: now, text: readableText(body), body });
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}${paths[kind]}`,
    taken,
    asked: () => asked,
    answer: (answer) => {
      fixed = answer;
    },
    cut: (cut) => {
      isCut = cut;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Asked = Readonly<{ request: IncomingMessage; text: string; now: number; isTooFast: boolean }>;

const judges: Readonly<Record<RobotKind, (asked: Asked) => Record<string, unknown>>> = {
  wecom({ request, text, isTooFast }) {
    if (query(request).get('key') !== robotKey) return { errcode: 93000, errmsg: 'invalid webhook url' };
    if (isTooFast) return { errcode: 45009, errmsg: 'api freq out of limit' };
    const body = jsonOf(text);
    if (body?.msgtype !== 'text') return { errcode: 40008, errmsg: 'invalid message type' };
    if (Buffer.byteLength(String(inner(body.text).content)) > 2048)
      return { errcode: 40058, errmsg: 'content exceed max length. invalid Request Parameter' };
    return { errcode: 0, errmsg: 'ok' };
  },
  dingtalk({ request, text, now, isTooFast }) {
    const asked = query(request);
    if (request.method !== 'POST') return { errcode: 43002, errmsg: 'POST required' };
    if (asked.get('access_token') !== robotKey) return { errcode: 300005, errmsg: 'token is not exist' };
    const timestamp = asked.get('timestamp') ?? '';
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) / 1000 - now) > 3600)
      return { errcode: 310000, errmsg: 'invalid timestamp' };
    const sign = createHmac('sha256', robotSecret).update(`${timestamp}\n${robotSecret}`).digest('base64');
    if (asked.get('sign') !== sign) return { errcode: 310000, errmsg: 'sign not match' };
    if (isTooFast) return { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' };
    if (Buffer.byteLength(text) > 20_000) return { errcode: 460101, errmsg: 'message too long' };
    if (jsonOf(text)?.msgtype !== 'text') return { errcode: 400105, errmsg: 'unsupported msgtype' };
    return { errcode: 0, errmsg: 'ok' };
  },
  feishu({ request, text, now, isTooFast }) {
    if (!request.url?.endsWith(`/${robotKey}`))
      return { code: 19001, data: {}, msg: 'param invalid: incoming webhook access token invalid' };
    if (Buffer.byteLength(text) > 20_000) return { code: 9499, msg: 'Bad Request', data: {} };
    const body = jsonOf(text);
    const timestamp = String(body?.timestamp);
    const sign = createHmac('sha256', `${timestamp}\n${robotSecret}`).update('').digest('base64');
    if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) - now) > 3600 || body?.sign !== sign)
      return {
        code: 19021,
        data: {},
        msg: 'sign match fail or timestamp is not within one hour from current time',
        StatusCode: 0,
      };
    if (isTooFast)
      return { code: 11232, data: {}, msg: 'frequency limited psm[lark.oapi.app_platform_runtime]' };
    if (body?.msg_type !== 'post') return { code: 9499, msg: 'Bad Request', data: {} };
    return { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' };
  },
};

function isTaken({ errcode, code }: Record<string, unknown>): boolean {
  return (code ?? errcode) === 0;
}

/** What a member of the group reads. */
function readableText(body: Record<string, unknown>): string {
  if (body.msg_type !== 'post') return String(inner(body.text).content);
  const { title, content } = inner(inner(inner(body.content).post).zh_cn);
  const lines = Array.isArray(content) ? content : [];
  const said = lines.map((line: unknown) =>
    (Array.isArray(line) ? line : []).map((part: unknown) => inner(part).text ?? '').join(''),
  );
  return [title, ...said].join('\n').trimEnd();
}

function query({ url = '' }: IncomingMessage): URLSearchParams {
  return new URL(url, 'http://robot').searchParams;
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    return inner(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function inner(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
