import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Lab } from './lab.js';

const run = promisify(execFile);
const version = '1.2.3';
const images = ['amd64', 'arm64'].map((processor) => ({ processor, tag: `localhost/plimsoll-published:${processor}` }));

let lab: Lab;
let revision: string;
let folders: string[];

beforeAll(async () => {
  lab = await Lab.open([]);
  revision = (await run('git', ['rev-parse', 'HEAD'])).stdout.trim();
  folders = await Promise.all(images.map(({ processor, tag }) => saved(processor, tag)));
  await writeFile(join(lab.folder, 'registries.conf'), `[[registry]]\nlocation = "${lab.registry}"\ninsecure = true\n`);
});

afterAll(async () => {
  await run('podman', [
    'rmi',
    '--force',
    `${lab.registry}/acme/plimsoll:git-${revision}`,
    ...images.map(({ tag }) => tag),
  ]);
  await lab.close();
});

/** As save-image leaves it, but with next to nothing in the image. */
async function saved(processor: string, tag: string): Promise<string> {
  const folder = join(lab.folder, processor);
  const labels = [`image.version=${version}`, `image.revision=${revision}`].map(
    (label) => `org.opencontainers.${label}`,
  );
  await mkdir(folder);
  await writeFile(join(folder, 'content'), processor);
  await writeFile(join(folder, 'Containerfile'), `FROM scratch\nLABEL ${labels.join(' ')}\nCOPY content /content\n`);
  const made = ['--quiet', '--format', 'docker', '--platform', `linux/${processor}`, '--tag', tag];
  await run('podman', ['build', ...made, folder]);
  await run('podman', ['save', '--format', 'docker-archive', '--output', join(folder, 'image.tar'), tag]);
  return folder;
}

const publish = async (ofVersion: string) =>
  run('ops/scripts/publish-image', [`${lab.registry}/Acme/plimsoll`, ofVersion, ...folders], {
    env: { ...process.env, CONTAINERS_REGISTRIES_CONF: join(lab.folder, 'registries.conf') },
  });

const registry = async (path: string) =>
  fetch(`http://${lab.registry}/v2/acme/plimsoll/${path}`, {
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json',
    },
  });

describe('publish-image', () => {
  it('makes one image of the processors, which the registry has by the digest that it tells, and by the commit alone', async () => {
    const { stdout } = await publish(version);
    const answer = await registry(`manifests/${stdout.trim()}`);
    const { manifests } = (await answer.json()) as { manifests: { platform: { architecture: string } }[] };
    expect(manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    expect(await (await registry('tags/list')).json()).toMatchObject({ tags: [`git-${revision}`] });
  });

  it('refuses an image of another version', async () => {
    await expect(publish('1.2.4')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is 1.2.3, not 1.2.4'),
    });
  });
});
