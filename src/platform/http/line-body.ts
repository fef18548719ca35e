import type { Socket } from 'node:net';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { jsonSchemaOf } from './openapi/documented-body.js';
import { extendRouteConfig } from './route-config.js';

/** One JSON value a line; https://github.com/ndjson/ndjson-spec. */
export const LINES_OF_JSON = 'application/x-ndjson';

/** In the middle of a large body that is read as fast as it can be taken in. */
const unhurried = new WeakSet<Socket>();

/** For a route whose `@Body()` is the stream of the request itself, of lines of JSON that the schema describes. */
export function LineBody(schema: z.ZodType, description: string): MethodDecorator {
  return applyDecorators(
    extendRouteConfig({ lineBody: true }),
    ApiConsumes(LINES_OF_JSON),
    ApiBody({ schema: jsonSchemaOf(schema), description }),
  );
}

/** Whoever reads a body line by line sees to it that it comes: the 30 s of an ordinary request do not hold for it. */
export function takeTime({ raw }: FastifyRequest): void {
  unhurried.add(raw.socket);
}

/** The next request on the same connection is an ordinary one again. */
export function endTime({ raw }: FastifyRequest): void {
  unhurried.delete(raw.socket);
}

export function takesItsTime(socket: Socket): boolean {
  return unhurried.has(socket);
}

/** How a body is to be sent to this route. */
export function mediaTypeOf({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): string {
  const type = routeOptions.config.lineBody ? LINES_OF_JSON : 'application/json';
  return `Send the body as ${type}.`;
}
