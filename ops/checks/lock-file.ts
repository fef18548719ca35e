import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { assertNone } from './fault.ts';

interface Package {
  link?: boolean;
  integrity?: string;
  optionalDependencies?: Record<string, string>;
}

export type Packages = Record<string, Package>;

/** Of the service, and of the generator of its documentation. */
const locks = ['package-lock.json', 'ops/site/package-lock.json'];

export async function lockIsComplete(): Promise<void> {
  for (const lock of locks) {
    const { packages } = JSON.parse(await readFile(join(clone, lock), 'utf8')) as { packages: Packages };
    assertNone(`${lock} is not complete`, lockFaults(packages));
  }
}

/**
 * A platform package that the registry lacked when the lock was made is missing from it without a word,
 * and `npm ci` then refuses the lock on another machine.
 */
export function lockFaults(packages: Packages): string[] {
  const entries = Object.entries(packages);
  const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isInstalledFor(path, name, packages))
      .map((name) => `${path || 'package.json'} wants ${name}, which the lock lacks`),
  );
  const unproven = entries
    .filter(([path, { integrity, link }]) => path !== '' && !link && integrity === undefined)
    .map(([path]) => `${path} has no integrity`);
  return missing.concat(unproven);
}

/** Node looks beside a package first, then beside each of those it lies in. */
function isInstalledFor(path: string, name: string, packages: Packages): boolean {
  const candidate = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`;
  if (candidate in packages) return true;
  if (path === '') return false;
  const outer = path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1));
  return isInstalledFor(outer, name, packages);
}
