import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientFeaturesResponse } from 'unleash-client';
import { z } from 'zod';
import { applicationFile } from '../application-file.js';

const bootstrapPath = fileURLToPath(applicationFile('config/flags.bootstrap.json'));

/** In the format of `/api/client/features`, so that you can make the file by saving that answer. */
const schema = z.object({
  version: z.number(),
  features: z.array(z.looseObject({ name: z.string(), enabled: z.boolean(), strategies: z.array(z.looseObject({})) })),
  segments: z.array(z.looseObject({ id: z.number() })).optional(),
});

/** The flags that apply until a server has answered, or always if there is no server. */
export class BootstrapFlags {
  constructor(readonly content: ClientFeaturesResponse) {}

  /** Throws if the file is missing or invalid, because it is part of the build. */
  static read(path = bootstrapPath): BootstrapFlags {
    return new BootstrapFlags(
      schema.parse(JSON.parse(readFileSync(path, 'utf8'))) as unknown as ClientFeaturesResponse,
    );
  }
}
