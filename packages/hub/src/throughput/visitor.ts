import type { IncomingMessage } from 'node:http';
import { PasswordVerifier } from '@tongtang/broker/password';
import { throughputEveryS } from '../agent-config.ts';
import { accesses, type TokenHolder } from '../http/access.ts';
import type { HttpDeps } from '../http/deps.ts';
import { ApiError } from '../http/errors.ts';
import type { Visitor } from './admission.ts';

/**
 * Finds out who wants to test: an agent by id and password (Basic), a person by a bearer token, in the header or, as
 * clients of ndt7 do it, as `access_token` in the query.
 * @throws ApiError where nobody may, or not this one
 */
export function visitorsOf(
  { registry, settings }: Pick<HttpDeps, 'registry' | 'settings'>,
  holder: TokenHolder,
) {
  const passwords = new PasswordVerifier();
  registry.onChange(({ agents }) => {
    for (const id of agents) if (registry.agent(id) === undefined) passwords.forget(id);
  });

  return async (request: IncomingMessage, query: URLSearchParams): Promise<Visitor> => {
    if (settings.throughput === 'off')
      throw new ApiError('forbidden', 'this hub measures no throughput: its setting throughput is off');
    const [, scheme = '', credentials = ''] =
      /^(\S+) +(\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (scheme.toLowerCase() === 'basic') return agentOf(credentials);
    const token = scheme.toLowerCase() === 'bearer' ? credentials : query.get('access_token');
    if (token !== null && token !== '') return personOf(token);
    if (settings.throughput === 'open') return { name: `address ${request.socket.remoteAddress ?? ''}` };
    throw new ApiError(
      'not_signed_in',
      'tests are for agents; others add ?access_token= with a token of an admin or a technician',
    );
  };

  async function agentOf(credentials: string): Promise<Visitor> {
    const [, id = '', password = ''] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
    const agent = registry.agent(id);
    if (agent === undefined || !(await passwords.verify(id, Buffer.from(password), agent.passwordHash)))
      throw new ApiError('not_signed_in', 'no such agent, or a wrong password');
    const { county, school } = agent.place;
    const inventory = registry.inventories().find((one) => one.county.id === county);
    return {
      name: `agent ${id}`,
      school: { key: `${county}/${school}`, everyS: throughputEveryS(inventory, school) },
    };
  }

  function personOf(token: string): Visitor {
    const principal = holder(token);
    if (principal === undefined) throw new ApiError('not_signed_in', 'the access token is none of ours');
    const { user, role } = principal;
    const allowed: readonly string[] = accesses.operations;
    if (!allowed.includes(role)) throw new ApiError('forbidden', `the role ${role} may not do this`);
    return { name: `user ${user}` };
  }
}
