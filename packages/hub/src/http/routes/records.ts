import { Type } from 'typebox';
import { List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';

const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '100 where absent' }));
const usualLimit = 100;
/** Enough to see what it was meant to be. */
const headBytes = 256;

/** What the hub writes down for people: who did what, and what could not be read. */
export function recordRoutes(app: App, { registry, quarantine }: HttpDeps): void {
  app.get(
    '/audit',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Who did what, newest first',
        querystring: Type.Object(
          {
            limit,
            before: Type.Optional(
              Type.Integer({ minimum: 1, description: 'Only entries older than this id' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: List(
            Type.Object({
              id: Type.Integer(),
              time: Seconds,
              who: Type.String(),
              action: Type.String(),
              what: Type.String(),
              detail: Type.String(),
            }),
          ),
        },
      },
    },
    async ({ query: { limit = usualLimit, before } }) =>
      registry.auditTrail({ limit, ...(before !== undefined && { before }) }),
  );

  app.get(
    '/quarantine',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'What was received and could not be read, newest first',
        querystring: Type.Object({ limit }, { additionalProperties: false }),
        response: {
          200: List(
            Type.Object({
              id: Type.Integer(),
              time: Seconds,
              agent: Type.Optional(Type.String()),
              topic: Type.String(),
              reason: Type.String(),
              bytes: Type.Integer(),
              head: Type.String({ description: 'Its first bytes in base 64' }),
            }),
          ),
        },
      },
    },
    async ({ query: { limit = usualLimit } }) =>
      quarantine.list(limit).map(({ payload, ...item }) => ({
        ...item,
        head: Buffer.from(payload.subarray(0, headBytes)).toString('base64'),
      })),
  );
}
