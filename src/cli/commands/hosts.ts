import { answered, type Schemas } from '../../client/plimsoll-client.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { green, red, relative, releaseText, shortDigest, table } from '../output/text.js';

type Slot = Schemas['Slot'];

/** `plimsoll hosts [environment]` */
export async function hosts(context: Context, _options: object, environment?: string): Promise<Ending> {
  const path = await context.slot(environment);
  const client = await context.client();
  const call = client.GET('/v1/services/{service}/environments/{environment}', {
    params: { path },
    signal: context.signal,
  });
  const slot = await answered(call);
  if (context.output.isJson) {
    for (const host of slot.hosts) context.output.tell({ type: 'host', ...host }, () => []);
  } else context.output.tell({ type: 'hosts', slot }, (event) => hostLines(event.slot));
  return 'promoted';
}

function hostLines({ service, environment, hosts: all, runningRelease }: Slot): string[] {
  if (all.length === 0)
    return [`${service} has no hosts in ${environment}. plimsoll apply puts those of plimsoll.yml.`];
  const rows = all.map(({ name, url, observedDigest, observedAt, drifting }) => [
    name,
    url,
    observedDigest === null ? '–' : shortDigest(observedDigest),
    relative(observedAt),
    drifting ? red('drifts') : green('ok'),
  ]);
  return [`running: ${releaseText(runningRelease)}`, ...table([['host', 'url', 'runs', 'seen', ''], ...rows])];
}
