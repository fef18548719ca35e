import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../scripts/child-process.mjs';
import { clone, stateFolder } from '../scripts/clone.mjs';
import { Fault } from './fault.ts';
import type { Manifest } from './kubernetes-rules.ts';

interface Model {
  validate(): void;
}

type Models = Record<string, new (manifest: Manifest) => Model>;

/** What the OpenAPI documents of Kubernetes and of the operator of Prometheus say against these. */
export async function schemaFaults(manifests: readonly Manifest[]): Promise<string[]> {
  const faults = await Promise.all(manifests.map(valueFaults));
  return faults.flat().concat(await fieldFaults(manifests));
}

const packageOf = (apiVersion: string) =>
  apiVersion.startsWith('monitoring.coreos.com/') ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';

const moduleOf = ({ apiVersion }: Manifest) => `${packageOf(apiVersion)}/${apiVersion}`;
const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

/** Values: types, patterns, what is required. */
async function valueFaults(manifest: Manifest): Promise<string[]> {
  const models = (await import(moduleOf(manifest)).catch(() => ({}))) as Models;
  const model = models[manifest.kind];
  if (model === undefined) return [`${nameOf(manifest)}: there is no ${manifest.kind} in ${manifest.apiVersion}`];
  try {
    new model(manifest).validate();
    return [];
  } catch (error) {
    return [`${nameOf(manifest)}: ${(error as Error).message}`];
  }
}

/** Fields that there are not: a schema of Kubernetes allows them, and an API server drops them without a word. */
async function fieldFaults(manifests: readonly Manifest[]): Promise<string[]> {
  await mkdir(stateFolder, { recursive: true });
  // Inside the clone, where the types are found.
  const folder = await mkdtemp(join(stateFolder, 'kubernetes-'));
  try {
    const files = manifests.map((manifest, n) => ({ manifest, name: `${n}.ts`, path: join(folder, `${n}.ts`) }));
    for (const { manifest, path } of files) await writeFile(path, typed(manifest));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
    const tsc = join(clone, 'node_modules/.bin/tsc');
    const { exitCode, output } = await run(tsc, [...options, ...files.map(({ path }) => path)], { cwd: clone });
    const found = [...output.matchAll(/^\S*?(\d+\.ts)\((\d+),\d+\): error \w+: (.*)$/gm)].map(
      ([, name, line, message]) => {
        const { manifest } = files.find((file) => file.name === name)!;
        return `${nameOf(manifest)}: ${message} (${lineOf(manifest, Number(line))})`;
      },
    );
    // It says something that is not about a manifest.
    if (exitCode !== 0 && found.length === 0) throw new Fault(output);
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function typed(manifest: Manifest): string {
  const type = `I${manifest.kind}`;
  return `import type { ${type} } from '${moduleOf(manifest)}';\nexport const manifest: ${type} = ${literal(manifest)};\n`;
}

const literal = (manifest: Manifest) => JSON.stringify(manifest, null, 1);
const lineOf = (manifest: Manifest, line: number) => literal(manifest).split('\n')[line - 2]?.trim() ?? '';
