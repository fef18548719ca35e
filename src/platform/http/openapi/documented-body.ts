import { ApiBody, type ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';

/** Documents the body of a handler that takes it as it is and validates it itself. */
export function DocumentedBody(schema: z.ZodType): MethodDecorator {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' });
  return ApiBody({ schema: jsonSchema } as unknown as ApiBodyOptions);
}
