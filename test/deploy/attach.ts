import { createHash } from 'node:crypto';
import { BUNDLE } from '../support/image-registry.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Attaches a bundle to an image of a registry as cosign does where that keeps no referrers: in an index under a tag. */
export async function attach(reference: string, bundle: string): Promise<void> {
  const [repository = '', digest = ''] = reference.split('@');
  const [host = '', ...path] = repository.split('/');
  const base = `http://${host}/v2/${path.join('/')}`;
  const config = await pushBlob(base, '{}', 'application/vnd.oci.empty.v1+json');
  const layer = await pushBlob(base, bundle, BUNDLE);
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
  const described = descriptionOf(manifest, MANIFEST);
  await put(`${base}/manifests/${described.digest}`, manifest, MANIFEST);
  const manifests = [{ ...described, artifactType: BUNDLE }];
  const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  await put(`${base}/manifests/${digest.replace(':', '-')}`, index, INDEX);
}

async function pushBlob(base: string, text: string, mediaType: string): Promise<Described> {
  const described = descriptionOf(text, mediaType);
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const url = new URL(begun.headers.get('location') ?? '', base);
  url.searchParams.set('digest', described.digest);
  await put(url.href, text, 'application/octet-stream');
  return described;
}

async function put(url: string, body: string, contentType: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': contentType } });
  if (!ok) throw new Error(`PUT ${url}: ${status}`);
}

function descriptionOf(text: string, mediaType: string): Described {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { mediaType, digest, size: Buffer.byteLength(text) };
}
