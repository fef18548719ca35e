import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyOfClone, treeFiles } from './clone-copy.js';
import { folder, image, podman, project, run } from './stack.mjs';

/** Where people leave secrets, in folders of which the build takes something too. */
const places = `.env config/.env src/.env.local .npmrc.bak config/production.pem src/tls.key id_rsa src/id_rsa
  config/credentials ops/scripts/deploy_token migrations/dump.sql .git/config .plimsoll/secrets/ops-token
  secrets/postgres-password node_modules/leak/index.js dist/leak.js`.split(/\s+/);
const secret = `planted-${randomUUID()}`;

async function build(clone: string, tag: string, revision: string, ...options: string[]): Promise<string[]> {
  const stamp = ['--timestamp', '0', '--build-arg', `REVISION=${revision}`];
  const args = ['build', '--format', 'docker', ...stamp, '--tag', tag, ...options, '.'];
  await run('podman', args, { cwd: clone, timeoutMs: 900_000 });
  return layersOf(tag);
}

async function layersOf(tag: string): Promise<string[]> {
  const layers = await podman('image', 'inspect', '--format', '{{json .RootFS.Layers}}', tag);
  return JSON.parse(layers) as string[];
}

async function holdsSecret(file: string): Promise<boolean> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'latin1' }) as AsyncIterable<string>) {
    if ((rest + chunk).includes(secret)) return true;
    rest = chunk.slice(-secret.length);
  }
  return false;
}

describe('a build', () => {
  const tag = `localhost/${project}:planted`;
  let clone: string;
  let revision: string;

  beforeAll(async () => {
    clone = await copyOfClone();
    revision = await run('git', ['rev-parse', 'HEAD']);
    for (const place of places) {
      await mkdir(join(clone, dirname(place)), { recursive: true });
      await writeFile(join(clone, place), secret);
    }
  });

  afterAll(() => podman('rmi', '--force', tag));

  it('is given nothing but what it copies', async () => {
    const containerfile = join(folder, 'Context');
    const output = join(folder, 'context');
    await writeFile(containerfile, 'FROM scratch\nCOPY . /\n');
    await run('podman', ['build', '--quiet', '--file', containerfile, '--output', output, '.'], { cwd: clone });
    const given = (await readdir(output, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(output.length + 1));
    const wanted =
      /^(src|migrations)\/.*\.ts$|^ops\/(containers|scripts)\/[^/]+\.mjs$|^config\/[^/]+\.(env|json)$|^(LICENSE|(package|package-lock|nest-cli|tsconfig|tsconfig\.build)\.json|\.npmrc|\.swcrc)$/;
    const known = (await treeFiles()).filter((file) => wanted.test(file) && !file.endsWith('.spec.ts'));
    expect(given.sort()).toEqual(known.sort());
  });

  it('has the same layers as every other of the same sources, without a cache and whatever lies beside them', async () => {
    expect(await build(clone, tag, revision, '--no-cache')).toEqual(await layersOf(image));
  });

  it('leaves no secret in any layer, nor in what describes them', async () => {
    const saved = join(folder, 'layers');
    await podman('save', '--quiet', '--format', 'docker-dir', '--output', saved, tag);
    const files = (await readdir(saved)).map((file) => join(saved, file));
    expect(files.length).toBeGreaterThanOrEqual((await layersOf(tag)).length);
    const found = await Promise.all(files.map(holdsSecret));
    expect(files.filter((_, index) => found[index])).toEqual([]);
  });

  it('is labelled with its commit, also where the cache knows its sources from another', async () => {
    const another = randomUUID();
    await build(clone, tag, another);
    const label = '{{index .Labels "org.opencontainers.image.revision"}}';
    expect(await podman('image', 'inspect', '--format', label, tag)).toBe(another);
  });

  it('takes all but the compiled sources from the cache when only a source changed', async () => {
    // Something that the bundler does not leave out.
    await appendFile(join(clone, 'src/main.ts'), "\nprocess.title = 'changed';\n");
    const startedAt = Date.now();
    const layers = await build(clone, tag, revision);
    process.stdout.write(`A source changed, and the image was built in ${(Date.now() - startedAt) / 1000} s.\n`);
    const before = await layersOf(image);
    // The last layer names the commit, which is the same.
    const changed = layers.filter((layer, index) => layer !== before[index]);
    expect([layers.length, changed]).toEqual([before.length, [layers.at(-2)]]);
  });
});
