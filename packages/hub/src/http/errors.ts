import { isBusy, isDamage } from '@tongtang/runtime/database';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

/**
 * Every code that `{error: {code, message}}` may carry, with its HTTP status and what it means. Codes are for programs
 * and never change; messages are for people and may.
 */
export const errorCodes = {
  invalid_input: {
    status: 400,
    meaning: 'A field is missing, unknown or wrong; the message names field and place',
  },
  unreadable: { status: 400, meaning: 'The request is not HTTP or not JSON as it should be' },
  not_signed_in: { status: 401, meaning: 'No session, or it has ended; no bearer token, or a wrong one' },
  wrong_credentials: {
    status: 401,
    meaning: 'No such user, a wrong password, or a link that is spent or too old',
  },
  forbidden: { status: 403, meaning: 'The role does not allow it' },
  cross_site: { status: 403, meaning: "Another site's page asked for a change in the user's name" },
  not_found: {
    status: 404,
    meaning: 'There is no such page, agent, county, user, token, incident, window, visit or report',
  },
  code_unknown: { status: 404, meaning: 'The enrolment code is none of ours; check how it was typed' },
  code_used: { status: 409, meaning: 'The enrolment code has enrolled an agent already; make another' },
  code_expired: { status: 410, meaning: 'The enrolment code is older than 24 hours; make another' },
  classroom_gone: { status: 410, meaning: "The code's classroom is no longer in the inventory" },
  simulated: { status: 409, meaning: 'The data of this hub are simulated: it takes in no real agent' },
  conflict: { status: 409, meaning: 'What is there forbids it; the message says what' },
  too_large: { status: 413, meaning: 'The request is larger than any honest one' },
  not_json: { status: 415, meaning: 'Changes are sent as application/json' },
  wait: {
    status: 429,
    meaning: 'Too many tries, or too much asked for; Retry-After says how many seconds to wait',
  },
  busy: {
    status: 503,
    meaning:
      'No room for another throughput test, or the command line is changing the registry; Retry-After says how many seconds to wait',
  },
  unavailable: {
    status: 503,
    meaning:
      'What the hub needs for it is not on its machine, or a file of it was damaged just now; the message says what',
  },
  internal: { status: 500, meaning: 'The hub failed; its log says why' },
  store_failed: { status: 503, meaning: 'The telemetry store does not answer; the log says why' },
} as const;
export type ErrorCode = keyof typeof errorCodes;

/** What a route throws to refuse a request. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** Read by Fastify. */
  readonly statusCode: number;
  /** Sent as Retry-After. */
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, retryAfterS?: number) {
    super(message);
    this.code = code;
    this.statusCode = errorCodes[code].status;
    this.retryAfterS = retryAfterS;
  }
}

export const ErrorAnswer = Type.Object(
  { error: Type.Object({ code: Type.Enum(Object.keys(errorCodes)), message: Type.String() }) },
  {
    description: Object.entries(errorCodes)
      .map(([code, { status, meaning }]) => `\`${code}\` (${status}): ${meaning}.`)
      .join('\n'),
  },
);

/** Answers every error in the one form; what the hub did wrong is logged and not told. */
export function answerError(
  error: FastifyError | ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = error instanceof ApiError ? error : refusalOf(error);
  // A route that refuses has logged what it knows; anything else is a mistake of ours.
  if (refusal.statusCode >= 500 && refusal !== error)
    request.log.error(
      { method: request.method, route: request.routeOptions.url, error: error.stack },
      'request failed',
    );
  if (refusal.retryAfterS !== undefined) reply.header('retry-after', refusal.retryAfterS);
  return reply.code(refusal.statusCode).send({ error: { code: refusal.code, message: refusal.message } });
}

/** The registry is being written by another process, and what was asked for has not happened. */
export function registryBusy(): ApiError {
  return new ApiError('busy', 'the command line is changing the registry: try again in a moment', 2);
}

/** Errors of Fastify and of the registry in our codes. */
function refusalOf(error: FastifyError): ApiError {
  const { statusCode = 500, message } = error;
  if (isBusy(error)) return registryBusy();
  if (isDamage(error))
    return new ApiError(
      'unavailable',
      'a database of the hub is damaged, and what was asked for has not happened: try again in a moment',
      2,
    );
  if (statusCode === 413) return new ApiError('too_large', 'the request is too large');
  if (statusCode === 415) return new ApiError('not_json', 'send application/json');
  // 403: a folder of the console was asked for, or something above it.
  if (statusCode === 404 || statusCode === 403) return new ApiError('not_found', 'there is no such page');
  if (statusCode < 500) return new ApiError('unreadable', message);
  return new ApiError('internal', 'the hub failed; its log says why');
}
