import type { FastifyReply } from 'fastify';

/** An answer that a browser keeps as a file. Its name needs no quoting: identifiers have letters, digits and dashes only. */
export function asFile(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}
