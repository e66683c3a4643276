import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseHostPort } from './address.ts';
import { systemResolvers } from './resolver.ts';

it('the resolvers are those of resolv.conf, and can be asked', () => {
  const written = [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)];
  const resolvers = systemResolvers();
  for (const [, address] of written) expect(resolvers).toContain(address);
  for (const resolver of resolvers) expect(parseHostPort(resolver, 53)).toBeDefined();
});
