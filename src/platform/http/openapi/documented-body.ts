import { ApiBody, type ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';

type BodySchema = Extract<ApiBodyOptions, { schema: unknown }>['schema'];

/** Documents the body of a handler that takes it as it is and validates it itself. */
export function DocumentedBody(schema: z.ZodType): MethodDecorator {
  return ApiBody({ schema: jsonSchemaOf(schema) });
}

/** What may be sent. */
export function jsonSchemaOf(schema: z.ZodType): BodySchema {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' });
  return jsonSchema as BodySchema;
}
