import { Type } from 'typebox';
import { clearSession, sessionCookie, setSession } from '../access.ts';
import { Done, done, RoleName } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const SignedIn = Type.Object({ user: Type.String(), role: RoleName });

/** Tries from one address; the registry slows down guessing of one user as well. */
const rateLimit = { max: 30, timeWindow: 60_000 } as const;

/** Opening and ending sessions. */
export function signInRoutes(app: App, { registry }: HttpDeps): void {
  app.post(
    '/sign-in',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: 'Sign in by password: sets the session cookie',
        body: Type.Object(
          { user: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1000 }) },
          { additionalProperties: false },
        ),
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      const result = await registry.signIn({ ...request.body, address: request.ip });
      if (result.ok) {
        setSession(request, reply, result.session);
        return result.principal;
      }
      request.log.warn(
        { user: request.body.user, address: request.ip, reason: result.reason },
        'sign-in refused',
      );
      if (result.reason === 'wait')
        throw new ApiError('wait', `too many tries: wait ${result.seconds} s`, result.seconds);
      throw new ApiError('wrong_credentials', 'user and password do not fit');
    },
  );

  app.post(
    '/sign-in/link',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: 'Sign in by a one-time link: sets the session cookie',
        body: Type.Object({ token: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      const result = registry.signInByLink(request.body.token);
      if (result === undefined) throw new ApiError('wrong_credentials', 'the link is spent or too old');
      setSession(request, reply, result.session);
      return result.principal;
    },
  );

  app.post(
    '/sign-out',
    {
      config: { access: 'public' },
      schema: { summary: 'End the session, if there is one', response: { 200: Done } },
    },
    async (request, reply) => {
      const session = request.cookies[sessionCookie];
      if (session !== undefined) registry.signOut(session);
      clearSession(request, reply);
      return done;
    },
  );
}
