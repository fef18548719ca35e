import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { parseEnv } from 'node:util';
import { servicePlanOf } from '../deploy/service-plan.js';
import type { HostStanding } from '../hosts/deploy-on-hosts.js';
import { openHosts } from '../hosts/open-hosts.js';
import {
  differing,
  setByImage,
  setElsewhere,
  type SettingSources,
  variablesOf,
} from '../hosts/setting-sources.model.js';
import { reasonOf } from '../hosts/reason-of.js';
import type { SlotSettings } from '../plimsoll-file/plimsoll-file.js';
import type { PodmanHost } from '../podman/podman-host.js';
import { doubtful, type Finding, well } from './finding.js';

/** `config/production.env` beside plimsoll.yml. */
interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** Whether what serves has its settings from plimsoll.yml, `config/` and its image, and from nothing else. Names no value. */
export async function* settingsFindings(
  settings: SlotSettings,
  path: string,
  standings: readonly HostStanding[],
): AsyncGenerator<Finding> {
  const plan = servicePlanOf(settings);
  const config = await configBeside(path, settings.slug);
  await using opened = openHosts(plan, () => {});
  for (const { name, slot, podman } of opened.hosts) {
    const standing = standings.find(({ host }) => host === name);
    // What was started with another plimsoll.yml is told as such.
    if (!standing?.live || standing.differing.includes('environment')) continue;
    const what = `settings of ${name}`;
    try {
      const { containers, live } = await slot.look();
      const serving = containers.find(({ deployment }) => deployment === live);
      if (serving !== undefined) yield* await findingsOf(what, serving.name, { podman, settings, config });
    } catch (error) {
      yield doubtful(what, reasonOf(error), 'Look whether its Podman answers');
    }
  }
}

async function configBeside(path: string, environment: string): Promise<ConfigFile | null> {
  const name = `config/${environment}.env`;
  const text = await readFile(join(dirname(path), name), 'utf8').catch(() => null);
  return text === null ? null : { name, text };
}

interface Compared {
  readonly podman: PodmanHost;
  readonly settings: SlotSettings;
  readonly config: ConfigFile | null;
}

async function findingsOf(what: string, container: string, { podman, settings, config }: Compared): Promise<Finding[]> {
  const { environment, imageEnvironment, workingDirectory } = await podman.settingsOf(container);
  const sources: SettingSources = {
    container: variablesOf(environment),
    image: variablesOf(imageEnvironment),
    declared: settings.environment,
    secrets: settings.secrets.flatMap(({ variable }) => variable ?? []),
  };
  const inImage = config && (await podman.fileIn(container, posix.join(workingDirectory, config.name)));
  // Of a service whose image has no such file, it may be anything.
  const of = config !== null && inImage !== null ? { ...config, inImage } : null;
  const found = [elsewhere(what, sources, of), byImage(what, sources, of), inRelease(what, of)];
  const faults = found.filter((finding) => finding !== null);
  const from = ['plimsoll.yml', ...(of === null ? [] : [of.name]), 'the image'].join(', ');
  return faults.length > 0 ? faults : [well(what, `come from ${from}, and from nothing else`)];
}

type Config = (ConfigFile & { readonly inImage: string }) | null;

function elsewhere(what: string, sources: SettingSources, config: Config): Finding | null {
  const names = setElsewhere(sources);
  if (names.length === 0) return null;
  const known = config === null ? {} : parseEnv(config.text);
  const told = names.map((name) => (known[name] === undefined ? name : `${name} (in place of ${config?.name})`));
  const mend =
    'Put them into plimsoll.yml, or take them off the host (containers.conf, podman update); then deploy again';
  return doubtful(what, `set on this host alone: ${told.join(', ')}`, mend);
}

function byImage(what: string, sources: SettingSources, config: Config): Finding | null {
  const names = config === null ? [] : setByImage(parseEnv(config.text), sources);
  if (names.length === 0) return null;
  const mend = 'Take ENV out of the Containerfile, or put them into plimsoll.yml';
  return doubtful(what, `the image sets in place of ${config?.name}: ${names.join(', ')}`, mend);
}

function inRelease(what: string, config: Config): Finding | null {
  const names = config === null ? [] : differing(parseEnv(config.text), parseEnv(config.inImage));
  if (names.length === 0) return null;
  const detail = `${config?.name} of the release that serves is another one: ${names.join(', ')}`;
  return doubtful(what, detail, 'Deploy a release that has the file as it is here');
}
