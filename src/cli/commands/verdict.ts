import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { newestDeployment } from '../ledger/newest-deployment.js';
import { endingOf, verdictLines, watchVerdict } from '../ledger/watch-verdict.js';

interface VerdictOptions {
  readonly deployment?: string;
  readonly wait?: boolean;
}

/** `plimsoll verdict [environment]` */
export async function verdict(context: Context, options: VerdictOptions, environment?: string): Promise<Ending> {
  const { output, signal } = context;
  const client = await context.client();
  const id = options.deployment ?? (await newestDeployment(client, await context.slot(environment), signal));
  const found = options.wait
    ? await watchVerdict({ id, client, output, signal })
    : await verdictNow(client, id, signal);
  if (!options.wait) output.tell({ type: 'verdict' as const, deployment: id, ...found }, verdictLines);
  return endingOf(found, () => isBack(client, id, found, signal));
}

function verdictNow(client: PlimsollClient, id: string, signal: AbortSignal): Promise<Schemas['Verdict']> {
  return answered(client.GET('/v1/deployments/{id}/verdict', { params: { path: { id } }, signal }));
}

async function isBack(
  client: PlimsollClient,
  id: string,
  { rollbackTo }: Schemas['Verdict'],
  signal: AbortSignal,
): Promise<boolean> {
  if (!rollbackTo) return false;
  const { service, environment } = await answered(
    client.GET('/v1/deployments/{id}', { params: { path: { id } }, signal }),
  );
  const path = { service, environment };
  const slot = await answered(
    client.GET('/v1/services/{service}/environments/{environment}', { params: { path }, signal }),
  );
  return slot.activeDeployment === null && slot.runningRelease?.digest === rollbackTo.digest;
}
