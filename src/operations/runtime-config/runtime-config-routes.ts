import { z } from 'zod';
import { invalid, ok, problem } from '../listener/ops-answers.js';
import { parseOpsBody } from '../listener/ops-body.js';
import type { OpsAnswer, OpsRequest, OpsRoute } from '../listener/ops-routes.js';
import type { Json } from './merge-patch.js';
import { type RuntimeConfig, StaleRevision } from './runtime-config.js';
import { InvalidOverrides } from './runtime-settings.js';

const PATH = '/runtime-config';

export function runtimeConfigRoutes(config: RuntimeConfig): OpsRoute[] {
  return [
    { method: 'GET', path: PATH, access: 'read', answer: () => show(config) },
    { method: 'PATCH', path: PATH, access: 'write', answer: (request) => patch(config, request) },
  ];
}

function show({ stored, values }: RuntimeConfig): OpsAnswer {
  if (!stored) return problem(503, 'What is stored could not be read yet; the defaults count.', { 'Retry-After': '5' });
  const { revision, overrides, changedAt } = stored;
  return { ...ok({ revision, changedAt, overrides, values }), headers: { ETag: `"${revision}"` } };
}

async function patch(config: RuntimeConfig, { body, headers }: OpsRequest): Promise<OpsAnswer> {
  const json = parseOpsBody(z.unknown(), body) as Json;
  const condition = headers['if-match'];
  const revision = condition === undefined || condition === '*' ? null : revisionOf(condition);
  try {
    await config.patch(json, revision);
    // The store has audited it, in the transaction of the change.
    return { ...show(config), change: 'audited' };
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): OpsAnswer {
  if (error instanceof StaleRevision) {
    const headers = { ETag: `"${error.revision}"` };
    return problem(412, `Somebody else has changed it: the revision is ${error.revision} by now.`, headers);
  }
  if (error instanceof InvalidOverrides) return invalid('Nothing was changed.', error.faults);
  throw error;
}

/** As it is shown, or the bare number; what can be no revision is none that is stored. */
function revisionOf(condition: string): number {
  const digits = condition.match(/^(?:"(\d+)"|(\d+))$/);
  return Number(digits?.[1] ?? digits?.[2] ?? Number.NaN);
}
