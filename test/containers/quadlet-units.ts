import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { podman, image, project, run } from './stack.mjs';

const generators = ['/usr/local/bin/quadlet', '/usr/libexec/podman/quadlet', '/usr/lib/podman/quadlet'];

const generator = generators.find(existsSync) ?? 'quadlet';

/** What starts with the machine once these files are installed. */
export async function wantedAtBoot(folder: string, installed: string): Promise<string[]> {
  await run('env', [`QUADLET_UNIT_DIRS=${folder}`, generator, installed]);
  return readdir(join(installed, 'default.target.wants'));
}

/** What Podman's own generator makes of the files in a folder: the text of each unit, by its name. */
export async function generated(folder: string): Promise<Map<string, string>> {
  const output = await run('env', [`QUADLET_UNIT_DIRS=${folder}`, generator, '-dryrun']);
  const [, ...parts] = output.split(/^---(.+)---$/m);
  return new Map(parts.flatMap((name, n) => (n % 2 === 0 ? [[name, parts[n + 1] ?? ''] as const] : [])));
}

/** The words of ExecStart, as systemd reads them. */
export function command(unit: string): string[] {
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const words = line.match(/(?:"(?:\\.|[^"])*"|\S)+/g) ?? [];
  return words.map((word) =>
    word
      .replaceAll(/^"|"$/g, '')
      .replaceAll(/\\x([0-9a-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\(.)/g, '$1')
      .replaceAll('$$', '$')
      .replaceAll('%%', '%'),
  );
}

/** How the container is called that `startUnit` starts. */
export const containerOfUnit = (name: string) => `${project}-quadlet-${name}`;

/** What only systemd brings. */
const ofSystemd = new Set(['--cgroups=split', '--sdnotify=healthy']);

/** Names of its own, on the networks and with the secrets of the stack that runs. */
const besideTheStack: [RegExp, string][] = [
  [/^journald$/, 'k8s-file'],
  [/^plimsoll-(app-1|proxy|redis|postgres|backup-[a-z]+)$/, containerOfUnit('$1')],
  [/^plimsoll-(edge|inside)(?::.*)?$/, `${project}_$1`],
  [/^plimsoll-([a-z-]+),/, `${project}-$1,`],
  [/^plimsoll-([a-z-]+):(?=\/)/, `${project}-quadlet-$1:`],
  [/^%E\/plimsoll\//, `${process.cwd()}/ops/`],
  [/^8443:8443$/, '127.0.0.1::8443'],
  [/^localhost\/plimsoll:.*$/, image],
];

const isFlagOf = (word: string, value: string) => /^--[^=]+$/.test(word) && !value.startsWith('-');

/** Starts a container as ExecStart of the unit says, without these flags and values. It is gone when it has ended. */
export async function startUnit(unit: string, ...without: string[]): Promise<void> {
  const [, ...words] = command(unit).filter((word) => !ofSystemd.has(word));
  const adapted = words.map((word) =>
    besideTheStack.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), word),
  );
  const isOut = (word: string, next = '') => without.includes(word) || (isFlagOf(word, next) && without.includes(next));
  await podman(...adapted.filter((word, n) => !isOut(word, adapted[n + 1])));
}

export async function removeUnits(...names: string[]): Promise<void> {
  await podman('rm', '--force', '--time', '0', '--ignore', ...names.map(containerOfUnit));
  const volumes = await podman('volume', 'ls', '--quiet', '--filter', `name=^${project}-quadlet-`);
  if (volumes !== '') await podman('volume', 'rm', ...volumes.split('\n'));
}
