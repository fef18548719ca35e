import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';

// Not by so many steps upwards: compiled, bundled and as a source, code lies at different depths.
const root = pathToFileURL(findPackageJSON('.', import.meta.url) ?? '');

/** The URL of a file or folder of the application, by its path from the `package.json` of the code that runs. */
export function applicationFile(path: string): URL {
  return new URL(path, root);
}
