import { messageOf } from '@tongtang/runtime/errors';
import { isLoopback } from '@tongtang/runtime/host-port';
import { Type } from 'typebox';
import type { WhoAsks } from '../access.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const checkBudgetMs = 2000;
const freshMs = 1000;

/** For whoever watches the hub: systemd, a load balancer, Prometheus. */
export function healthRoutes(app: App, { checks, metrics, log }: HttpDeps, whoAsks: WhoAsks): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the process answers; touches nothing else',
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  const readiness = openReadiness(checks, log);
  const Readiness = Type.Object({
    ready: Type.Boolean(),
    checks: Type.Record(Type.String(), Type.Enum(['ok', 'failing'])),
  });
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether store and broker work; the log says what does not',
        security: [],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const { ready, checks } = await readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        summary: "The hub's own metrics for Prometheus; from this machine, or with a bearer token",
      },
    },
    async (request, reply) => {
      if (!isLoopback(request.ip)) {
        const principal = whoAsks(request);
        if (principal === undefined) throw new ApiError('not_signed_in', 'send a bearer token');
        if (principal.role === 'bureau') throw new ApiError('forbidden', 'the role bureau may not do this');
      }
      const text = await metrics();
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  );
}

type Readiness = Readonly<{ ready: boolean; checks: Record<string, 'ok' | 'failing'> }>;

/** Checks for all who ask within a second together: a check costs the disk a flush, and anybody may ask. */
function openReadiness(checks: HttpDeps['checks'], log: HttpDeps['log']): () => Promise<Readiness> {
  let kept: { untilMs: number; readiness: Promise<Readiness> } | undefined;
  return () => {
    if (kept === undefined || performance.now() >= kept.untilMs) {
      const reading = { untilMs: Number.POSITIVE_INFINITY, readiness: checkAll(checks, log) };
      kept = reading;
      void reading.readiness.finally(() => {
        reading.untilMs = performance.now() + freshMs;
      });
    }
    return kept.readiness;
  };
}

async function checkAll(checks: HttpDeps['checks'], log: HttpDeps['log']): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, 'ok' | 'failing']> => {
      try {
        await withinBudget(check());
        return [name, 'ok'];
      } catch (error) {
        log.warn({ check: name, error: messageOf(error) }, 'not ready');
        return [name, 'failing'];
      }
    }),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

async function withinBudget(work: Promise<void>): Promise<void> {
  const budget = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => budget.reject(new Error(`no answer within ${checkBudgetMs} ms`)),
    checkBudgetMs,
  );
  try {
    await Promise.race([work, budget.promise]);
  } finally {
    clearTimeout(timer);
  }
}
