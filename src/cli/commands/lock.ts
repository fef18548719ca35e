import { answered, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { relative, releaseText, stateText } from '../output/text.js';

interface Lock {
  readonly type: 'lock';
  readonly service: string;
  readonly environment: string;
  readonly holder: Schemas['Slot']['activeDeployment'];
}

/** `plimsoll lock [environment]` */
export async function lock(context: Context, _options: object, environment?: string): Promise<Ending> {
  const slot = await context.slot(environment);
  const client = await context.client();
  const call = client.GET('/v1/services/{service}/environments/{environment}', {
    params: { path: slot },
    signal: context.signal,
  });
  const { activeDeployment: holder } = await answered(call);
  context.output.tell<Lock>({ type: 'lock', ...slot, holder }, lockLines);
  return 'promoted';
}

function lockLines({ service, environment, holder }: Lock): string[] {
  if (!holder) return [`${service} in ${environment} is free.`];
  const { id, kind, release, state, actor, createdAt, deadline } = holder;
  return [
    `${service} in ${environment} is held by ${actor}, since ${relative(createdAt)}:`,
    `  ${kind} of ${releaseText(release)}, ${stateText(state)}`,
    deadline === null ? '  until its verdict' : `  until ${deadline} at the latest (${relative(deadline)})`,
    `  plimsoll verdict --wait --deployment ${id}`,
  ];
}
