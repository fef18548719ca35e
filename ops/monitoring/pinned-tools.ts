import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../scripts/child-process.mjs';
import { clone } from '../scripts/clone.mjs';

/** Of this machine, and where the container sees it. */
export type Folder = readonly [here: string, there: string];

export interface Told {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs commands of a shell in the image that podman-compose.yml pins, without a network. The first that fails ends them. */
export async function inPinnedImage(
  name: string,
  commands: readonly string[],
  folders: readonly Folder[],
): Promise<Told> {
  const compose = await readFile(join(clone, 'podman-compose.yml'), 'utf8');
  const image = new RegExp(`image: (\\S*/${name}:\\S+)`).exec(compose)?.[1];
  if (image === undefined) throw new Error(`podman-compose.yml pins no image ${name}`);
  const mounts = folders.flatMap(([here, there]) => ['--volume', `${here}:${there}:ro,z`]);
  // As root: what belongs to whoever checked it out may be readable to nobody else.
  const options = ['run', '--rm', '--network=none', '--user=0', ...mounts, '--entrypoint=/bin/sh'];
  return run('podman', [...options, image, '-c', commands.join(' && ')], { cwd: clone });
}
