import { applyDecorators } from '@nestjs/common';
import type { z } from 'zod';
import { DocumentedBody } from './openapi/documented-body.js';
import { extendRouteConfig } from './route-config.js';

/**
 * For a route that parses its JSON itself, piece by piece: `@Body()` is a Buffer, and nothing is held of the budget for a
 * parsed body.
 */
export function TextBody(schema: z.ZodType): MethodDecorator {
  return applyDecorators(extendRouteConfig({ textBody: true }), DocumentedBody(schema));
}
