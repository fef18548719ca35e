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

interface Package {
  readonly license?: string;
  readonly dev?: boolean;
}

export async function licencesAreAllowed(): Promise<void> {
  const text = await readFile(join(clone, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Package> };
  assertNone('Licences', licenceFaults(packages));
}

/** By the lock file, so that packages of every platform are seen, installed here or not. */
export function licenceFaults(packages: Readonly<Record<string, Package>>): string[] {
  return Object.entries(packages)
    .filter(([path, { license = '', dev = false }]) => path !== '' && !isAllowed(license, dev))
    .map(([path, { license = 'no licence' }]) => `${path.replace(/^.*node_modules\//, '')} has ${license}`);
}

/** `(MIT OR CC0-1.0)`, `Apache-2.0 AND MIT`: one of the choices will do, with all that it joins. */
function isAllowed(expression: string, isTool: boolean): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  const may = (licence: string) => allowed.has(licence) || (isTool && allowedForTools.has(licence));
  return choices.some((choice) => choice.split(' AND ').every(may));
}
