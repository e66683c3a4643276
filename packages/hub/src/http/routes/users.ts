import type { UserResult } from '@tongtang/store/registry/users';
import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import { Done, done, List, RoleName, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const UserName = Type.Object({ name: Type.String() });
const Password = Type.String({ maxLength: 1000 });

/** Who may sign in. */
export function userRoutes(app: App, { registry }: HttpDeps): void {
  function existing(name: string): string {
    if (registry.user(name) === undefined) throw new ApiError('not_found', `user: no user "${name}"`);
    return name;
  }

  app.get(
    '/users',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'All users',
        response: {
          200: List(
            Type.Object({
              name: Type.String(),
              role: RoleName,
              createdAt: Seconds,
              hasPassword: Type.Boolean(),
            }),
          ),
        },
      },
    },
    async () => registry.users(),
  );

  app.post(
    '/users',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Add a user; without a password, one who signs in by link or token only',
        body: Type.Object(
          { name: Type.String(), role: RoleName, password: Type.Optional(Password) },
          { additionalProperties: false },
        ),
        response: { 200: Done },
      },
    },
    async (request) => {
      if (registry.user(request.body.name) !== undefined)
        throw new ApiError('conflict', `name: "${request.body.name}" is taken`);
      const { name, role, password } = request.body;
      const user = { name, role, ...(password !== undefined && { password }) };
      return answer(await registry.addUser(user, principalOf(request).user), 'invalid_input');
    },
  );

  app.patch(
    '/users/:name',
    {
      config: { access: 'admin' },
      schema: {
        summary: "Change a user's role or password; a new password ends the user's sessions",
        params: UserName,
        body: Type.Object(
          { role: Type.Optional(RoleName), password: Type.Optional(Password) },
          { additionalProperties: false },
        ),
        response: { 200: Done },
      },
    },
    async (request) => {
      const name = existing(request.params.name);
      const { role, password } = request.body;
      const by = principalOf(request).user;
      if (password !== undefined) answer(await registry.changePassword(name, password, by), 'invalid_input');
      if (role !== undefined) answer(registry.changeRole(name, role, by), 'conflict');
      return done;
    },
  );

  app.delete(
    '/users/:name',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Remove a user with all sessions and tokens',
        params: UserName,
        response: { 200: Done },
      },
    },
    async (request) =>
      answer(registry.removeUser(existing(request.params.name), principalOf(request).user), 'conflict'),
  );

  app.post(
    '/users/:name/sign-in-link',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Make a link that signs the user in once within ten minutes',
        params: UserName,
        response: { 200: Type.Object({ url: Type.String(), expiresAt: Seconds }) },
      },
    },
    async (request) => {
      const link = registry.createSignInLink(existing(request.params.name), principalOf(request).user);
      if (link === undefined) throw new ApiError('not_found', `user: no user "${request.params.name}"`);
      const url = `${request.protocol}://${request.host}/#sign-in=${link.token}`;
      return { url, expiresAt: link.expiresAt };
    },
  );
}

function answer(result: UserResult, code: 'invalid_input' | 'conflict'): typeof done {
  if (!result.ok) throw new ApiError(code, result.problem);
  return done;
}
