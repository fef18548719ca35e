import type { z } from 'zod';
import { invalid, problem } from './ops-answers.js';
import type { OpsAnswer } from './ops-routes.js';

/** What a route throws to refuse a request. */
export class OpsRefusal extends Error {
  constructor(readonly answer: OpsAnswer) {
    super(`refused with ${answer.status}`);
  }
}

/** The body as the schema says; 400 if it is no JSON, 422 with what is wrong where if the schema refuses it. */
export function parseOpsBody<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  const result = schema.safeParse(parseJson(body));
  if (result.success) return result.data;
  throw new OpsRefusal(invalid('The body is not valid.', result.error.issues.flatMap(faultsOf)));
}

function faultsOf(issue: z.core.$ZodIssue): Array<{ path: PropertyKey[]; detail: string }> {
  const { path, message: detail } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path, detail }];
  return issue.keys.map((key) => ({ path: [...path, key], detail: 'is not known here: leave it out' }));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new OpsRefusal(problem(400, 'The body is not JSON.'));
  }
}
