import { randomUUID } from 'node:crypto';
import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { CommandFailure } from '../command-failure.js';
import type { Context, SlotName } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { releaseText } from '../output/text.js';

export interface RollbackOptions {
  readonly reason: string;
  readonly to?: string;
  readonly force?: boolean;
  readonly ledgerOnly?: boolean;
  readonly yes?: boolean;
}

/** `plimsoll rollback [environment]` */
export async function rollback(context: Context, options: RollbackOptions, environment?: string): Promise<Ending> {
  const client = await context.client();
  if (!options.ledgerOnly) {
    const { rollBackHosts } = await import('../deploy/roll-back-hosts.js');
    const slot = await context.slot(environment);
    const to = await digestOf(client, slot, options.to, context.signal);
    return rollBackHosts(context, { ...options, to }, environment);
  }
  const slot = await context.slot(environment);
  const deployment = await rollBackInLedger(client, slot, options, context.signal);
  context.output.tell({ type: 'deployment', ...deployment }, rollbackLines);
  return 'promoted';
}

/** The deployment that goes back, in progress. One key for all attempts: it is made once. */
async function rollBackInLedger(
  client: PlimsollClient,
  slot: SlotName,
  { reason, to, force = false }: RollbackOptions,
  signal: AbortSignal,
): Promise<Schemas['Deployment']> {
  const digest = await digestOf(client, slot, to, signal);
  const call = client.POST('/v1/services/{service}/environments/{environment}/rollback', {
    params: { path: slot, header: { 'Idempotency-Key': randomUUID() } },
    body: { reason, to: digest, force },
    signal,
  });
  return answered(call);
}

/** Of a version the digest, as the deployments of the slot know it. Null where none is named. */
async function digestOf(
  client: PlimsollClient,
  slot: SlotName,
  release: string | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  if (release === undefined) return null;
  if (release.startsWith('sha256:')) return release;
  const query = { ...slot, limit: 200, state: 'promoted' as const };
  const { items } = await answered(client.GET('/v1/deployments', { params: { query }, signal }));
  const digests = new Set(items.filter((each) => each.release.version === release).map((each) => each.release.digest));
  const [digest] = digests;
  if (digest !== undefined && digests.size === 1) return digest;
  const what = digests.size === 0 ? 'has no promoted release' : 'has several promoted releases';
  throw new CommandFailure('refused', `${slot.service} ${what} ${release} in ${slot.environment}.`, {
    mend: 'Name it by its digest: plimsoll history --state promoted --json',
  });
}

function rollbackLines({ id, fence, release, remediates }: Schemas['Deployment']): string[] {
  return [
    `going back to ${releaseText(release)}${remediates === null ? '' : `, undoing ${remediates}`}`,
    `  deployment ${id}, fence ${fence}`,
  ];
}
