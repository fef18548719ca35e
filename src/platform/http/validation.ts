import type { z } from 'zod';
import { validationFailed } from './http.errors.js';

/** The body as its schema makes it, or the 422 that names every field at fault. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) {
    throw validationFailed(
      result.error.issues.map((issue) => ({ pointer: issue.path.join('/'), detail: issue.message })),
    );
  }
  return result.data;
}
