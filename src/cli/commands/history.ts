import { answered, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { nextCursor } from '../ledger/pages.js';
import { dim, relative, releaseText, stateText, table } from '../output/text.js';

type Deployment = Schemas['DeploymentSummary'];

interface HistoryOptions {
  readonly limit: number;
  readonly state?: Deployment['state'];
}

const PAGE = 200;

/** `plimsoll history [environment]` */
export async function history(
  context: Context,
  { limit, state }: HistoryOptions,
  environment?: string,
): Promise<Ending> {
  const slot = await context.slot(environment);
  const client = await context.client();
  const found: Deployment[] = [];
  let cursor: string | undefined;
  do {
    const query = {
      ...slot,
      limit: Math.min(PAGE, limit - found.length),
      ...(state && { state }),
      ...(cursor && { cursor }),
    };
    const call = client.GET('/v1/deployments', { params: { query }, signal: context.signal });
    found.push(...(await answered(call)).items);
    cursor = nextCursor((await call).response);
  } while (cursor !== undefined && found.length < limit);
  if (context.output.isJson) for (const each of found) context.output.tell({ type: 'deployment', ...each }, () => []);
  else context.output.tell({ type: 'deployments', items: found }, ({ items }) => historyLines(items));
  return 'promoted';
}

function historyLines(items: readonly Deployment[]): string[] {
  if (items.length === 0) return ['No deployment.'];
  const rows = items.map((each) => [
    String(each.sequence),
    each.kind,
    releaseText(each.release),
    stateText(each.state) + (each.bad ? ', marked bad' : ''),
    relative(each.createdAt),
    each.actor,
    dim(each.id),
  ]);
  return table([['#', 'kind', 'release', 'state', 'created', 'by', dim('id')], ...rows]);
}
