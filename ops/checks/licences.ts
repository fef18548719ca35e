import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { assertNone } from './fault.ts';

/** These let us pass Plimsoll on under Apache-2.0, and ask for no more than that their text goes with it. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
]);
/** Tools that are not passed on may have these as well. */
const allowedForTools = new Set(['CC-BY-4.0']);
/** The generator of the site runs where pages are written. Of what it needs, the site passes on only Mermaid and its parts. */
const allowedForTheSite = new Set(['LGPL-3.0-or-later', 'MPL-2.0', 'Unlicense']);
/** What somebody has read in the package itself, in this version alone. */
const allowedByName = new Set([
  // Its package.json names no licence; the text of its file `license` is that of MIT.
  'khroma@2.1.0',
  // EPL-2.0. Mermaid loads it for a layout that our pages do not ask for; decision 83 names it and its licence.
  'elkjs@0.12.1',
]);

interface Package {
  readonly license?: string;
  readonly version?: string;
  readonly dev?: boolean;
}

type Packages = Readonly<Record<string, Package>>;

export async function licencesAreAllowed(): Promise<void> {
  assertNone('Licences', licenceFaults(await packagesOf('package-lock.json')));
  const lock = 'ops/site/package-lock.json';
  assertNone(`Licences of ${lock}`, licenceFaults(await packagesOf(lock), allowedForTheSite));
}

async function packagesOf(lock: string): Promise<Packages> {
  return (JSON.parse(await readFile(join(clone, lock), 'utf8')) as { packages: Packages }).packages;
}

/** By the lock file, so that packages of every platform are seen, installed here or not. */
export function licenceFaults(packages: Packages, also: ReadonlySet<string> = new Set()): string[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { license, version, dev = false }]) => ({
      name: path.replace(/^.*node_modules\//, ''),
      license,
      version,
      more: dev ? new Set([...also, ...allowedForTools]) : also,
    }))
    .filter(({ name, license = '', version, more }) => {
      return !isAllowed(license, more) && !allowedByName.has(`${name}@${version}`);
    })
    .map(({ name, license = 'no licence' }) => `${name} has ${license}`);
}

/** `(MIT OR CC0-1.0)`, `Apache-2.0 AND MIT`: one of the choices will do, with all that it joins. */
function isAllowed(expression: string, more: ReadonlySet<string>): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  const may = (licence: string) => allowed.has(licence) || more.has(licence);
  return choices.some((choice) => choice.split(' AND ').every(may));
}
