import { readFile } from 'node:fs/promises';
import { ok, problem } from '../listener/ops-answers.js';
import type { OpsAnswer, OpsRoute } from '../listener/ops-routes.js';

/** Made with the image, from the packages that are in it. */
const sbomFile = new URL('../../../sbom.json', import.meta.url);

/** What the service is made of, as CycloneDX: what runs here, not what a lock file of some other day says. */
export function sbomRoutes(file = sbomFile): OpsRoute[] {
  return [{ method: 'GET', path: '/sbom', access: 'read', answer: () => read(file) }];
}

async function read(file: URL): Promise<OpsAnswer> {
  try {
    return { ...ok(await readFile(file, 'utf8')), contentType: 'application/vnd.cyclonedx+json' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return problem(404, 'There is no SBOM here: it is made when the image is built, and this does not run from one.');
  }
}
