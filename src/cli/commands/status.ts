import { answered, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { bold, dim, green, red, relative, releaseText, stateText, table, yellow } from '../output/text.js';

type Slot = Schemas['Slot'];

/** `plimsoll status [environment]`: of every environment of the file unless one is named. */
export async function status(context: Context, _options: object, environment?: string): Promise<Ending> {
  const service = await context.service();
  const all = environment === undefined ? ((await context.file())?.environments ?? []) : [environment];
  // Nothing says which: the refusal tells how to say it.
  const environments = all.length > 0 ? all : [(await context.slot(environment)).environment];
  const client = await context.client();
  for (const each of environments) {
    const params = { path: { service, environment: each } };
    const call = client.GET('/v1/services/{service}/environments/{environment}', { params, signal: context.signal });
    context.output.tell({ type: 'slot', ...(await answered(call)) }, slotLines);
  }
  return 'promoted';
}

function slotLines(slot: Slot): string[] {
  const { runningRelease, runningReleaseState: state, lastKnownGood, activeDeployment, freeze, hosts } = slot;
  const running =
    state === 'known' ? releaseText(runningRelease) : state === 'unknown' ? red('unknown') : 'nothing yet';
  const rows = [
    ['running', running],
    ['last known good', releaseText(lastKnownGood)],
    ['active', activeDeployment ? activeText(activeDeployment) : 'none'],
    ['freeze', freezeText(freeze)],
    ...hosts.map((host) => [`host ${host.name}`, hostText(host)]),
  ];
  return [bold(`${slot.service} in ${slot.environment}`), ...table(rows).map((line) => `  ${line}`)];
}

function activeText({
  kind,
  state,
  release,
  actor,
  createdAt,
  deadline,
  id,
}: NonNullable<Slot['activeDeployment']>): string {
  const until = deadline === null ? '' : `, until ${deadline} (${relative(deadline)})`;
  return `${kind} of ${releaseText(release)}, ${stateText(state)}, by ${actor} ${relative(createdAt)}${until} ${dim(id)}`;
}

export function freezeText({ frozen, known, nextOpen, reasons }: Schemas['Freeze']): string {
  if (!known) return yellow('not known: Plimsoll does not reach Unleash');
  if (!frozen) return 'none';
  const why = reasons.map(({ reason }) => reason).join('; ');
  return yellow(`frozen${nextOpen === null ? '' : ` until ${nextOpen}`}: ${why}`);
}

function hostText({ url, observedDigest, observedAt, drifting }: Slot['hosts'][number]): string {
  if (observedDigest === null) return `${url}, never seen`;
  const seen = `${observedDigest.slice(7, 19)}, seen ${relative(observedAt)}`;
  return `${url} ${drifting ? red(`drifts: ${seen}`) : green(seen)}`;
}
