import type { FastifyServerOptions } from 'fastify';

/**
 * Bodies are judged by Zod. Fastify would load Ajv and fast-json-stringify all the same, a hundred modules before it
 * listens; a route that declares a schema of Fastify's fails the start.
 */
export const noSchemas: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

function refuse(): never {
  throw new Error('Routes declare no schemas of Fastify here: validate with Zod.');
}
