import type { z } from 'zod';
import type { FieldError } from '../problems/domain-error.js';
import { validationFailed } from '../problems/http.errors.js';
import { pointerTo } from './json-pointer.js';

type Issue = z.core.$ZodIssue;

const MOST_ERRORS = 50;

/** The body as its schema makes it, or the 422 that names every field at fault. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) {
    throw validationFailed(fieldErrors(result.error.issues));
  }
  return result.data;
}

/** Every place at fault, with what would mend it. */
export function fieldErrors(issues: readonly Issue[], path: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue, [...path, ...issue.path])).slice(0, MOST_ERRORS);
}

function errorsOf(issue: Issue, path: readonly PropertyKey[]): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'is not known here: leave it out' }));
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    return closest ? fieldErrors(closest, path) : [{ pointer: pointerTo(path), detail: issue.message }];
  }
  return [{ pointer: pointerTo(path), detail: issue.message }];
}
