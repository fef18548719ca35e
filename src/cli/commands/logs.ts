import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import { targetOf } from '../deploy/target.js';
import type { Ending } from '../exit-codes.js';
import { openHosts } from '../hosts/open-hosts.js';
import type { OpenHost } from '../hosts/rollout-parties.js';
import { dim } from '../output/text.js';
import { logFrames } from '../podman/log-frames.js';
import type { PodmanHost } from '../podman/podman-host.js';

interface Options {
  readonly host?: string;
  readonly lines: number;
  readonly follow?: boolean;
}

/** `plimsoll logs [environment]`: of the containers that serve now, on each host at once. */
export async function logs(context: Context, options: Options, environment?: string): Promise<Ending> {
  const { plan } = await targetOf(context, environment);
  const asked = plan.hosts.filter(({ name }) => options.host === undefined || name === options.host);
  if (asked.length === 0) {
    const names = plan.hosts.map(({ name }) => name).join(', ');
    throw new CommandFailure('usage', `There is no host ${options.host} in ${plan.environment}.`, {
      mend: `There are: ${names}`,
    });
  }
  await using opened = openHosts({ ...plan, hosts: asked }, () => {});
  const counts = await Promise.all(opened.hosts.map((host) => logsOf(context, host, options)));
  if (counts.every((count) => count === 0)) {
    throw new CommandFailure('error', `${plan.service} serves on none of these hosts.`, { mend: 'plimsoll hosts' });
  }
  return 'promoted';
}

/** How many containers there are. */
async function logsOf(
  context: Context,
  { name, slot, podman }: OpenHost & { readonly podman: PodmanHost },
  options: Options,
) {
  const { containers, live } = await slot.look();
  const serving = containers.filter(({ deployment }) => deployment === live).toSorted((a, b) => a.replica - b.replica);
  const { lines, follow = false } = options;
  await Promise.all(
    serving.map(async (container) => {
      const bytes = await podman.log(container.name, { lines, follow, signal: context.signal });
      for await (const { stream, text } of logFrames(bytes)) {
        const event = { type: 'log', host: name, container: container.name, stream, text: text.trimEnd() };
        context.output.tell(event, (each) => [`${dim(`${each.host} ${container.replica}`)} ${each.text}`]);
      }
    }),
  );
  return serving.length;
}
