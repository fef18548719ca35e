import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';

// Not a fixed number of steps upwards: sources, compiled code and the bundle are at different depths.
const root = pathToFileURL(findPackageJSON('.', import.meta.url) ?? '');

/** The URL of a file or folder of the application, by its path from the `package.json` of the code that runs. */
export function applicationFile(path: string): URL {
  return new URL(path, root);
}
