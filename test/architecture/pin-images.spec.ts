import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './planted-tree.js';

const files = ['podman-compose.yml', 'Containerfile', 'ops/quadlet', 'ops/scripts/pin-images'];
const proxyUnit = 'ops/quadlet/plimsoll-proxy.container';
const digest = `sha256:${'d'.repeat(64)}`;

/** Stands for the registries: every tag has the same digest. */
const skopeo = `#!/bin/sh\ncase "$*" in *@*) exit 1 ;; *docker://*:*) echo ${digest} ;; esac\n`;

describe('ops/scripts/pin-images', () => {
  let folder: string;
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  const pinImages = (...args: string[]) =>
    promisify(execFile)(join(folder, 'ops/scripts/pin-images'), args, {
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-pins-'));
    await Promise.all(files.map((file) => cp(join(root, file), join(folder, file), { recursive: true })));
    await writeFile(join(folder, 'skopeo'), skopeo);
    await chmod(join(folder, 'skopeo'), 0o755);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('writes what compose pins into the Quadlet files', async () => {
    const compose = await read('podman-compose.yml');
    await writeFile(join(folder, 'podman-compose.yml'), compose.replace(/caddy:\S+/, 'caddy:9.9.9'));
    await pinImages();
    expect(await read(proxyUnit)).toContain('Image=docker.io/library/caddy:9.9.9\n');
    expect(await read('podman-compose.yml')).toContain('image: docker.io/library/caddy:9.9.9\n');
  });

  it('changes nothing where every file agrees', async () => {
    await pinImages();
    await Promise.all(
      ['podman-compose.yml', 'Containerfile', proxyUnit].map(async (file) =>
        expect(await read(file)).toBe(await readFile(join(root, file), 'utf8')),
      ),
    );
  });

  it('adds its digest to every tag, once', async () => {
    await pinImages('--digests');
    await pinImages('--digests');
    expect(await read(proxyUnit)).toMatch(new RegExp(`^Image=docker.io/library/caddy:\\S+[^@]@${digest}$`, 'm'));
    expect(await read('Containerfile')).toContain(`FROM gcr.io/distroless/cc-debian13:nonroot@${digest} AS runtime`);
    const pinned = (await read('podman-compose.yml')).match(/^ *image: (?!.*localhost).*$/gm) ?? [];
    expect(pinned.filter((line) => line.endsWith(`@${digest}`))).toEqual(pinned);
  });

  it('fails where a registry does not answer, and says of which image', async () => {
    await writeFile(join(folder, 'skopeo'), '#!/bin/sh\nexit 1\n');
    const stderr = expect.stringMatching(/no digest of docker\.io\/\S+:\S+\n$/);
    await expect(pinImages('--digests')).rejects.toMatchObject({ code: 1, stderr });
  });
});
