import type { z } from 'zod';
import { MOST_ERRORS, pointerTo } from '../../../operations/problems/field-errors.js';
import type { FieldError } from '../problems/domain-error.js';
import { validationFailed } from '../problems/http.errors.js';

type Issue = z.core.$ZodIssue;

/** The body as its schema makes it, or the 422 that names every field at fault. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) {
    throw validationFailed(fieldErrors(result.error.issues));
  }
  return result.data;
}

/** The first 50 places at fault, with what would mend them. */
export function fieldErrors(issues: readonly Issue[], path: readonly PropertyKey[] = []): FieldError[] {
  const few = issues.slice(0, MOST_ERRORS);
  return few.flatMap((issue) => errorsOf(issue, [...path, ...issue.path])).slice(0, MOST_ERRORS);
}

function errorsOf(issue: Issue, path: readonly PropertyKey[]): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const few = issue.keys.slice(0, MOST_ERRORS);
    return few.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'is not known here: leave it out' }));
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    return closest ? fieldErrors(closest, path) : [{ pointer: pointerTo(path), detail: issue.message }];
  }
  return [{ pointer: pointerTo(path), detail: issue.message }];
}
