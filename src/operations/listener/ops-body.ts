import type { z } from 'zod';
import { problem } from './ops-answers.js';
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
  const errors = result.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, detail: message }));
  const refused = problem(422, 'The body is not valid.');
  throw new OpsRefusal({ ...refused, body: { ...(refused.body as object), errors } });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new OpsRefusal(problem(400, 'The body is not JSON.'));
  }
}
