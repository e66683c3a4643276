import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { codeOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import Fastify, { type FastifyBaseLogger, type FastifySchemaCompiler, LogController } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { isForThroughput } from '../throughput/server.ts';
import { ApiError, answerError } from './errors.ts';

/** Inventories are the largest that anybody sends; they have a limit of their own. */
const bodyLimit = 64 * 1024;
/** A request that takes longer to arrive is an attack or a dead link; its head fits into a packet or two. */
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** How often Node looks for such. */
const timeoutCheckMs = 1000;
/** Of all, event streams and throughput tests included: agents need descriptors as well. */
const mostConnections = 2000;

/** Why a connection was ended, for the counter of refusals: too many at once, or no whole request in time. */
export type HttpRefusal = 'connections' | 'timeout';

/** The bare HTTP server: how input is checked, errors are answered and values are written, and what it puts up with. */
export function createApp(log: Log, refused: (reason: HttpRefusal) => void) {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    // One line a request is a metric's work; errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback',
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    // Addresses that cannot be read never reach a route.
    frameworkErrors: answerError,
    http: {
      shouldUpgradeCallback: isForThroughput,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = mostConnections;
  app.server.on('drop', () => refused('connections'));
  app.server.on('clientError', (error) => {
    if (codeOf(error) === 'ERR_HTTP_REQUEST_TIMEOUT') refused('timeout');
  });
  app.setValidatorCompiler(checkInput);
  // Types hold the answers to their schemas; a second serialiser would only be another place for mistakes.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler(answerError);
  app.removeContentTypeParser(['text/plain', 'application/json']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, readJson);
  return app;
}

/** The server, and every scope of routes within it. */
export type App = ReturnType<typeof createApp>;

const checkInput: FastifySchemaCompiler<TSchema> =
  ({ schema, httpPart }) =>
  (input: unknown) => {
    // Numbers in addresses arrive as text.
    const checked = validate(schema, httpPart === 'body' ? input : Value.Convert(schema, input));
    if (checked.ok) return { value: checked.value };
    return { error: new ApiError('invalid_input', checked.problems.join('; ')) };
  };

/** An empty body counts as an empty object: signing out has nothing to say. */
async function readJson(_request: unknown, body: string): Promise<unknown> {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError('unreadable', 'the body is not JSON');
  }
}
