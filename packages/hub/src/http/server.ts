import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { serveThroughput } from '../throughput/server.ts';
import { identify, tokenHolder } from './access.ts';
import { apiRoutes } from './api.ts';
import { createApp } from './app.ts';
import { serveConsole } from './console.ts';
import type { HttpDeps } from './deps.ts';
import { ApiError } from './errors.ts';
import { describeApi } from './openapi.ts';
import { healthRoutes } from './routes/health.ts';
import { addSecurityHeaders } from './security.ts';

/** Quality 4 of 11: nearly as small as the best, at the price of gzip. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** How long requests under way may take to end when the hub stops. */
const closingMs = 3000;

export type RunningHttp = Readonly<{
  /** `http://host:port`, the port that it really got. */
  address: string;
  /** Ends live streams, lets requests under way finish. */
  stop(): Promise<void>;
}>;

/**
 * Starts the HTTP API and the console.
 * @throws where the address cannot be bound
 */
export async function startHttp(deps: HttpDeps): Promise<RunningHttp> {
  const { settings, log } = deps;
  const app = createApp(log, deps.refused);
  const holder = tokenHolder(deps);
  const whoAsks = identify(deps, holder);
  app.decorateRequest('principal', null);
  app.addHook('onRequest', addSecurityHeaders);
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'], brotliOptions });
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000);
      return new ApiError('wait', `too many requests: wait ${seconds} s`, seconds);
    },
  });
  await describeApi(app);
  healthRoutes(app, deps, whoAsks);
  await app.register(
    async (scope) => apiRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), deps, whoAsks),
    { prefix: '/api/v1' },
  );
  serveConsole(app, settings.consoleFolder);
  const endTests = serveThroughput(app.server, deps, holder);
  const address = await app.listen({ host: settings.host, port: settings.port });
  const stop = async (): Promise<void> => {
    // A connection that says nothing would hold up the end for ever.
    endTests();
    const giveUp = setTimeout(() => app.server.closeAllConnections(), closingMs);
    await app.close();
    clearTimeout(giveUp);
  };
  return { address, stop };
}
