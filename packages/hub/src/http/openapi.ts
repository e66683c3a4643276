import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import { type Access, sessionCookie } from './access.ts';
import type { App } from './app.ts';
import { ErrorAnswer } from './errors.ts';

const allowed: Readonly<Record<Access, string>> = {
  public: 'Anybody.',
  'signed-in': 'Whoever is signed in.',
  operations: 'Roles: admin, technician.',
  reports: 'Roles: admin, bureau.',
  admin: 'Role: admin.',
};

/** The API's own description, made from the schemas that requests are checked against. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tongtang 同堂',
        version: '1',
        description:
          'Times in answers are seconds since 1970 where they are numbers, and RFC 3339 where they are text. Every ' +
          'error is `{error: {code, message}}`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { bearer: [] }],
    },
  });
  // Routes are the same until the hub ends, and anybody may ask.
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').serializer(String).send(text);
  });
}

/**
 * Adds to a route's description who may use it and how errors look.
 * @throws where a route does not say who may use it: none is open, or closed, by oversight
 */
export function describeRoute(route: RouteOptions): void {
  const access = route.config?.access;
  if (access === undefined) throw new Error(`${route.url} does not say who may use it`);
  const { description, ...schema } = route.schema ?? {};
  route.schema = {
    ...schema,
    description: description === undefined ? allowed[access] : `${description}\n\n${allowed[access]}`,
    ...(access === 'public' && { security: [] }),
    response: { ...(schema.response ?? {}), default: ErrorAnswer },
  };
}
