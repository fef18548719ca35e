import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { invalid, Problem } from './problem.js';

/** Nest's pipe for `@Body({ schema })`, which refuses with our problems. A handler with a body requires one. */
@Injectable()
export class OpsSchemaPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, { type, schema }: ArgumentMetadata): Promise<T> {
    if (type === 'body' && value === undefined) throw new Problem(400, 'The body is not JSON.');
    if (!schema) return value;
    const result = await this.validate<T>(value, schema);
    if (!result.issues) return result.value;
    throw invalid('The body is not valid.', (result.issues as readonly z.core.$ZodIssue[]).flatMap(faultsOf));
  }
}

function faultsOf(issue: z.core.$ZodIssue): Array<{ path: PropertyKey[]; detail: string }> {
  const { path, message: detail } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path, detail }];
  return issue.keys.map((key) => ({ path: [...path, key], detail: 'is not known here: leave it out' }));
}
