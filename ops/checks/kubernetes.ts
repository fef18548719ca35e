import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from '../scripts/child-process.mjs';
import { clone } from '../scripts/clone.mjs';
import { assertNone, Fault } from './fault.ts';
import { clusterFaults, type Manifest } from './kubernetes-rules.ts';
import { schemaFaults } from './kubernetes-schemas.ts';

const overlays = 'ops/kubernetes/overlays';

/** Every overlay can be built, is what the OpenAPI document of Kubernetes describes, and is as hard as the image wants. */
export async function kubernetesIsSound(): Promise<void> {
  const names = await readdir(join(clone, overlays));
  const built = await Promise.all(names.map(async (name) => ({ name, manifests: await buildOf(name) })));
  const schemas = await schemaFaults(built.flatMap(({ manifests }) => manifests));
  const rules = built.flatMap(({ name, manifests }) => clusterFaults(manifests).map((fault) => `${name}: ${fault}`));
  assertNone('Kubernetes', [...new Set([...schemas, ...rules])]);
}

async function buildOf(overlay: string): Promise<Manifest[]> {
  const args = ['kustomize', join(overlays, overlay)];
  const { exitCode, output } = await run('kubectl', args, { cwd: clone }).catch((cause) => {
    throw new Fault('kubectl is not on the PATH. Install it: kubectl, or kubernetes-client of Debian 13 or newer.', {
      cause,
    });
  });
  if (exitCode !== 0) throw new Fault(output || `kubectl ended with exit code ${exitCode}`);
  return manifestsIn(output);
}

export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}
