import { parseHostPort } from '../address.ts';
import type { Probe } from '../probe.ts';
import { connect } from './connect.ts';

/** Opens one TCP connection and closes it. A refusal is an answer of the host: it succeeds, with `refused`. */
export const tcp: Probe = {
  measurement: 'tcp',
  // SYNs are repeated after 1, 3 and 7 s: three chances and an answer over a satellite hop.
  budgetMs: 10_000,
  checkAddress: (address) =>
    parseHostPort(address) === undefined ? `"${address}" is not host:port` : undefined,
  run: async (address, context) => {
    const target = parseHostPort(address);
    if (target === undefined) return { ok: false, source: 'agent', error: 'not host:port' };
    const connection = await connect(target, context);
    if (connection.ok) {
      connection.socket.destroy();
      return { ok: true, fields: { ...connection.fields, refused: false } };
    }
    const { refused, ...failure } = connection;
    return refused ? { ok: true, fields: { ...connection.fields, refused } } : failure;
  },
};
