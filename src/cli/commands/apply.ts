import { answered, type PlimsollClient } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import type { Context, SlotName } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { FileFaults } from '../plimsoll-file/file-faults.js';
import type { ReadFile } from '../plimsoll-file/read-plimsoll-file.js';

/** `plimsoll apply [environment]`: the ledger knows hosts and gate as the file has them. */
export async function apply(context: Context, _options: object, environment?: string): Promise<Ending> {
  const file = await context.fileOrFail();
  const slot = await context.slot(environment);
  const client = await context.client();
  const { hosts, gate } = file.slot(slot.environment);
  const params = { path: slot };
  const { signal } = context;
  const bodies = hosts.map(({ name, url }) => ({ name, url }));
  await inFile(file, slot, 'hosts', () =>
    answered(
      client.PUT('/v1/services/{service}/environments/{environment}/hosts', {
        params,
        body: { hosts: bodies },
        signal,
      }),
    ),
  );
  context.output.tell({ type: 'applied', what: 'hosts', count: hosts.length }, (event) => [
    `hosts: ${event.count} put`,
  ]);
  if (gate === undefined) {
    context.output.tell({ type: 'applied', what: 'gate', count: 0 }, () => [
      'gate: plimsoll.yml has none; left as it is',
    ]);
    return 'promoted';
  }
  await inFile(file, slot, 'gate', () => putGate(client, slot, gate, signal));
  context.output.tell({ type: 'applied', what: 'gate', count: 1 }, () => ['gate: put']);
  return 'promoted';
}

async function putGate(client: PlimsollClient, slot: SlotName, gate: unknown, signal: AbortSignal): Promise<unknown> {
  const path = '/v1/services/{service}/environments/{environment}/gate';
  return answered(client.PUT(path, { params: { path: slot }, body: gate as never, signal }));
}

/** What only the server finds wrong is told with its line of the file, too. */
async function inFile(file: ReadFile, { environment }: SlotName, key: 'hosts' | 'gate', put: () => Promise<unknown>) {
  try {
    await put();
  } catch (error) {
    const found =
      error instanceof ProblemError && error.code === 'validation-failed' ? error.problem.errors : undefined;
    if (!found || found.length === 0) throw error;
    const isOwn = file.file.environments[environment]?.[key] !== undefined;
    const above = isOwn ? ['environments', environment] : [];
    throw new FileFaults(
      file.path,
      found.map(({ pointer, detail }) => file.fault([...above, ...stepsOf(key, pointer)], detail)),
    );
  }
}

/** The body of a PUT of hosts has a member around them, that of a gate has not. */
function stepsOf(key: 'hosts' | 'gate', pointer: string): (string | number)[] {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d{1,6}$/.test(step) ? Number(step) : step));
  return key === 'hosts' && steps.length > 0 ? steps : [key, ...steps];
}
