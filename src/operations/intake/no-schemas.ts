import type { FastifyServerOptions } from 'fastify';

/**
 * Zod validates bodies. Without this Fastify would still load Ajv and fast-json-stringify, a hundred modules, before it
 * listens. A route with a Fastify schema fails the start.
 */
export const noSchemas: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

function refuse(): never {
  throw new Error('Routes declare no schemas of Fastify here: validate with Zod.');
}
