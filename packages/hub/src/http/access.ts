import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@tongtang/store/registry/sign-in';
import type { Role } from '@tongtang/store/registry/users';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpDeps } from './deps.ts';
import { ApiError } from './errors.ts';

/**
 * Who may use a route: anybody, whoever is signed in, those who operate the network, those who answer for reports of how it is
 * operated, or admins. Every route of the API
 * says it; one that does not, stops the hub from starting.
 */
export const accesses = {
  public: [],
  'signed-in': ['admin', 'technician', 'bureau'],
  operations: ['admin', 'technician'],
  reports: ['admin', 'bureau'],
  admin: ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Access = keyof typeof accesses;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Who asks; null on public routes and before access was checked. */
    principal: Principal | null;
  }
}

export const sessionCookie = 'tongtang_session';
const cookieLifeS = 30 * 24 * 3600;

/** Whoever holds TONGTANG_ADMIN_TOKEN. No user is called so: their names have no spaces. */
const adminToken: Principal = { user: 'admin token', role: 'admin' };
/** Whoever can read the hub's data folder. */
const commandLine: Principal = { user: 'command line', role: 'admin' };

export type WhoAsks = (request: FastifyRequest) => Principal | undefined;

/** Whose bearer token this is. */
export type TokenHolder = (token: string) => Principal | undefined;

export function tokenHolder({ registry, settings }: Pick<HttpDeps, 'registry' | 'settings'>): TokenHolder {
  const held = [
    { token: settings.adminToken, principal: adminToken },
    { token: settings.commandLineToken, principal: commandLine },
  ].flatMap(({ token, principal }) => (token === undefined ? [] : [{ digest: sha256(token), principal }]));
  return (token) => {
    const digest = sha256(token);
    return held.find((one) => timingSafeEqual(digest, one.digest))?.principal ?? registry.bearer(token);
  };
}

/** Finds out who asks, by bearer token or session cookie; a wrong token is not saved by a good cookie. */
export function identify({ registry }: Pick<HttpDeps, 'registry'>, holder: TokenHolder): WhoAsks {
  return (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, token] = /^Bearer (\S.*)$/i.exec(authorization) ?? [];
      return token === undefined ? undefined : holder(token);
    }
    const session = request.cookies[sessionCookie];
    return session === undefined ? undefined : registry.session(session);
  };
}

/** Before a body is read: refuses whoever may not use the route. */
export function checkAccess(whoAsks: WhoAsks) {
  return async (request: FastifyRequest): Promise<void> => {
    checkSameSite(request);
    const { access = 'admin' } = request.routeOptions.config;
    if (access === 'public') return;
    const principal = whoAsks(request);
    if (principal === undefined) throw new ApiError('not_signed_in', 'sign in first');
    const allowed: readonly Role[] = accesses[access];
    if (!allowed.includes(principal.role))
      throw new ApiError('forbidden', `the role ${principal.role} may not do this`);
    request.principal = principal;
  };
}

/**
 * Keeps other sites' pages from acting in a user's name, beside the cookie's SameSite: a form cannot send JSON, and
 * a script of another origin would have to ask first (Fetch standard, CORS preflight), which is never granted.
 */
function checkSameSite({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (headers['sec-fetch-site'] === 'cross-site')
    throw new ApiError('cross_site', 'another site asked for this');
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (method !== 'DELETE' && !isJson) throw new ApiError('not_json', 'send application/json');
}

/** Who asks, on routes that are not public. */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (principal === null) throw new ApiError('not_signed_in', 'sign in first');
  return principal;
}

/** Gives the browser its session, out of reach of scripts; over TLS only where it came over TLS. */
export function setSession(request: FastifyRequest, reply: FastifyReply, session: string): void {
  reply.setCookie(sessionCookie, session, { ...cookieScope(request), maxAge: cookieLifeS });
}

export function clearSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, cookieScope(request));
}

function cookieScope(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
