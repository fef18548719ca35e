import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { z } from 'zod';
import { DocumentedBody } from '../openapi/documented-body.js';
import { httpErrors } from '../problems/http.errors.js';
import { Refuses } from '../problems/refuses.js';

/**
 * Documents the body and the key of an idempotent POST. Its handler takes `@Body() body: unknown` and validates it with
 * `parseBody` inside `Idempotency.run`, so that a refusal is stored and replayed as well.
 */
export function IdempotentBody(schema: z.ZodType): MethodDecorator {
  return applyDecorators(
    Refuses(
      httpErrors.idempotencyKeyRequired,
      httpErrors.idempotencyKeyInvalid,
      httpErrors.idempotencyInFlight,
      httpErrors.idempotencyMismatch,
    ),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Any text that is new for every new intention.',
    }),
    DocumentedBody(schema),
  );
}
