import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { applicationFile } from '../application-file.js';
import { Access } from '../access/access.js';
import { Problem } from '../problems/problem.js';

/** Written when the image is built, from the packages in it. */
export const sbomFile = applicationFile('sbom.json');

export const SBOM_FILE = Symbol('SBOM_FILE');

/** The packages of the service, as CycloneDX: those that really run, which may differ from a later lock file. */
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
