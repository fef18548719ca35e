import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { applicationFile } from '../application-file.js';
import { Access } from '../access/access.js';
import { Problem } from '../problems/problem.js';

/** Made with the image, from the packages that are in it. */
export const sbomFile = applicationFile('sbom.json');

export const SBOM_FILE = Symbol('SBOM_FILE');

/** What the service is made of, as CycloneDX: what runs here, not what a lock file of some other day says. */
@Controller('sbom')
export class SbomController {
  constructor(@Inject(SBOM_FILE) private readonly file: URL) {}

  @Get()
  @Header('content-type', 'application/vnd.cyclonedx+json')
  @Access('read')
  async read(): Promise<string> {
    try {
      return await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Problem(
        404,
        'There is no SBOM here: it is made when the image is built, and this does not run from one.',
      );
    }
  }
}
