import { z } from 'zod';
import { HostFailure } from '../hosts/host-failure.js';
import { RegistryClient } from './registry-client.js';

/** So many are read of an image; whoever may push could add any number. */
const MOST_BUNDLES = 50;

const isBundle = (type: string | undefined): boolean =>
  type?.startsWith('application/vnd.dev.sigstore.bundle') === true;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const descriptor = z.object({ digest, mediaType: z.string().optional(), artifactType: z.string().optional() });
const list = z.object({ manifests: z.array(descriptor).default([]) });
const manifest = z.object({ layers: z.array(descriptor).default([]) });

/**
 * The Sigstore bundles that refer to an image, as cosign 3 and GitHub's attestations attach them: by the referrers of the
 * registry, or by a tag where it keeps none. Newest first, one at a time.
 */
export async function* bundlesOf(repository: string, ofDigest: string): AsyncGenerator<string> {
  const registry = new RegistryClient(repository);
  const index = (await registry.referrers(ofDigest)) ??
    (await registry.manifest(ofDigest.replace(':', '-'))) ?? { manifests: [] };
  const found = read(list, index).manifests.filter(({ artifactType }) => isBundle(artifactType));
  for (const one of found.slice(-MOST_BUNDLES).toReversed()) {
    const { layers } = read(manifest, await registry.manifest(one.digest));
    const layer = layers.find(({ mediaType }) => isBundle(mediaType));
    const text = layer === undefined ? null : await registry.blob(layer.digest);
    if (text !== null) yield text;
  }
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new HostFailure('the registry answered what is no list of signatures');
  return result.data;
}
