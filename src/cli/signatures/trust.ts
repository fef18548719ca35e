import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { getTrustedRoot } from '@sigstore/tuf';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { HostFailure } from '../hosts/host-failure.js';
import { reasonOf } from '../hosts/reason-of.js';

const NOBODY = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' };

/** One key, and no authority beside it. */
export async function trustInKey(path: string): Promise<TrustMaterial> {
  const key = await publicKeyIn(path);
  return {
    ...toTrustMaterial(TrustedRoot.fromJSON(NOBODY)),
    publicKey: () => ({ publicKey: key, validFor: () => true }),
  };
}

/** The authorities in a file, or those of the public Sigstore, which are renewed through TUF and kept for a day. */
export async function trustInAuthorities(path: string | undefined): Promise<TrustMaterial> {
  if (path === undefined) return toTrustMaterial(await publicRoot());
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(await readFile(path, 'utf8'))));
  } catch (error) {
    throw new HostFailure(`${path} is no trusted root of Sigstore: ${reasonOf(error)}`);
  }
}

async function publicKeyIn(path: string): Promise<KeyObject> {
  try {
    return createPublicKey(await readFile(path, 'utf8'));
  } catch (error) {
    throw new HostFailure(`${path} is no public key: ${reasonOf(error)}`);
  }
}

async function publicRoot(): Promise<TrustedRoot> {
  try {
    return await getTrustedRoot({ cachePath: await cacheFolder() });
  } catch (error) {
    throw new HostFailure(`the authorities of Sigstore could not be read: ${reasonOf(error)}`);
  }
}

/** In a container there may be no home that can be written. */
async function cacheFolder(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plimsoll', 'sigstore');
  return mkdir(cache, { recursive: true }).then(
    () => cache,
    () => mkdtemp(join(tmpdir(), 'plimsoll-sigstore-')),
  );
}
