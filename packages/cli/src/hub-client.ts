import { commandLineToken } from '@tongtang/hub/command-line-token';
import { Places } from '@tongtang/hub/http/routes/places';
import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { type Static, type TSchema, Type } from 'typebox';
import { hubListens } from './hub-listens.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** A hub that runs, asked over HTTP. Every request throws a Refusal where the hub does not answer or refuses. */
export interface HubClient {
  get<Schema extends TSchema>(path: string, answer: Schema): Promise<Static<Schema>>;
  post<Schema extends TSchema>(path: string, body: object, answer: Schema): Promise<Static<Schema>>;
  remove(path: string): Promise<void>;
}

/** Longer than any answer takes; a hub that hangs is to be told of. */
const timeoutMs = 30_000;

const ErrorAnswer = Type.Object({ error: Type.Object({ message: Type.String() }) });

/**
 * The way to the hub whose settings these are: by TONGTANG_ADMIN_TOKEN, or else by the token that it leaves in its data folder.
 * @throws Refusal where there is neither
 */
export function hubClient({
  data,
  http,
  adminToken,
}: Pick<Settings, 'data' | 'http' | 'adminToken'>): HubClient {
  const token = adminToken ?? tokenIn(data);
  if (token === undefined)
    throw new Refusal(
      `No hub has run in ${data}: start it (tongtang hub), name its folder with --data, or set TONGTANG_ADMIN_TOKEN`,
    );
  const address = `http://${reachable(hubListens({ data, http }))}`;

  async function request<Schema extends TSchema>(
    method: string,
    path: string,
    body: object | undefined,
    schema: Schema,
  ): Promise<Static<Schema>> {
    const answer = await fetched(`${address}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const checked = validate(schema, answer);
    if (checked.ok) return checked.value;
    throw new Refusal(`What answers at ${address} is no hub of this version: ${checked.problems.join('; ')}`);
  }

  return {
    get: (path, schema) => request('GET', path, undefined, schema),
    post: (path, body, schema) => request('POST', path, body, schema),
    remove: async (path) => {
      await request('DELETE', path, undefined, Type.Object({}));
    },
  };
}

function tokenIn(data: string): string | undefined {
  try {
    return commandLineToken(data);
  } catch (error) {
    throw new Refusal(
      `${data} is another user's (${messageOf(error)}): run this as the hub's user, or set TONGTANG_ADMIN_TOKEN`,
    );
  }
}

/** Where a hub that listens on every network of its machine is found from that machine. */
function reachable(listen: string): string {
  return listen.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:');
}

async function fetched(url: string, init: RequestInit): Promise<unknown> {
  const response = await answerOf(url, init);
  const text = await response.text();
  const answer = jsonOf(text);
  if (response.ok) return answer;
  if (response.status === 401)
    throw new Refusal(
      'The hub does not know this token: use --data and --http of the same hub, or check TONGTANG_ADMIN_TOKEN',
    );
  const refusal = validate(ErrorAnswer, answer);
  throw new Refusal(refusal.ok ? refusal.value.error.message : `${url}: HTTP ${response.status}`);
}

async function answerOf(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { origin } = new URL(url);
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Refusal(
      `No hub answers at ${origin} (${messageOf(cause)}): start it (tongtang hub), or name its address with --http or TONGTANG_HTTP`,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from a hub, as the schema will say.
    return undefined;
  }
}

export type PlacesAnswer = Static<typeof Places>;
export type CountyAnswer = PlacesAnswer['counties'][number];

/** Where everything is, by name. */
export function placesOf(hub: HubClient): Promise<PlacesAnswer> {
  return hub.get('places', Places);
}
