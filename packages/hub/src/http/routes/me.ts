import { Type } from 'typebox';
import { principalOf, sessionCookie } from '../access.ts';
import { Done, done, List, RoleName, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

/** Whoever found a browser open could else guess the password behind it. */
const passwordTries = { max: 10, timeWindow: 60_000 } as const;

/** What everybody may do for themselves. */
export function meRoutes(app: App, { registry }: HttpDeps): void {
  app.get(
    '/me',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Who is signed in',
        response: { 200: Type.Object({ user: Type.String(), role: RoleName, hasPassword: Type.Boolean() }) },
      },
    },
    async (request) => {
      const { user, role } = principalOf(request);
      return { user, role, hasPassword: registry.user(user)?.hasPassword ?? false };
    },
  );

  app.post(
    '/me/password',
    {
      config: { access: 'signed-in', rateLimit: passwordTries },
      schema: {
        summary: "Set one's password; ends all other sessions",
        body: Type.Object(
          {
            password: Type.String({ maxLength: 1000 }),
            current: Type.Optional(
              Type.String({ maxLength: 1000, description: 'Needed where the user has a password already' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { user } = principalOf(request);
      const { password, current = '' } = request.body;
      const known = registry.user(user);
      if (known === undefined) throw new ApiError('not_found', `user: no user "${user}"`);
      if (known.hasPassword && !(await registry.verifyPassword(user, current)))
        throw new ApiError('invalid_input', 'current: is not the present password');
      const result = await registry.changePassword(user, password, user, request.cookies[sessionCookie]);
      if (!result.ok) throw new ApiError('invalid_input', result.problem);
      return done;
    },
  );

  app.get(
    '/me/tokens',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: "One's bearer tokens",
        response: {
          200: List(Type.Object({ id: Type.String(), label: Type.String(), createdAt: Seconds })),
        },
      },
    },
    async (request) => registry.tokens(principalOf(request).user),
  );

  app.post(
    '/me/tokens',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Make a bearer token for a script; it is shown once',
        body: Type.Object(
          { label: Type.String({ minLength: 1, maxLength: 100 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ id: Type.String(), token: Type.String() }) },
      },
    },
    async (request) => {
      const { user } = principalOf(request);
      const made = registry.createToken(user, request.body.label, user);
      if (made === undefined) throw new ApiError('not_found', `user: no user "${user}"`);
      return made;
    },
  );

  app.delete(
    '/me/tokens/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Remove a bearer token',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { user } = principalOf(request);
      const { id } = request.params;
      if (!registry.removeToken(user, id, user)) throw new ApiError('not_found', `token: no token "${id}"`);
      return done;
    },
  );
}
