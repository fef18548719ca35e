import { readFile } from 'node:fs/promises';
import { podman, run } from './stack.mjs';

const MEGABYTE = 1_000_000;

interface Lock {
  version: string;
  packages: Record<
    string,
    { version: string; dev?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean }
  >;
}

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const image = `localhost/plimsoll:${version}`;
const inspected = async (format: string) => podman('image', 'inspect', '--format', format, image);
const inImage = (script: string, ...options: string[]) => podman('run', '--rm', ...options, image, '-e', script);

describe('the image', () => {
  it('runs as nobody in particular, and says what health is', async () => {
    expect(await inspected('{{.Config.User}}')).toBe('65532:65532');
    expect(await inspected('{{json .HealthCheck.Test}}')).toContain('health-check.mjs');
  });

  it('is labelled with what it was made of', async () => {
    const labels = JSON.parse(await inspected('{{json .Labels}}')) as Record<string, string>;
    const label = (name: string) => labels[`org.opencontainers.image.${name}`];
    expect(label('version')).toBe(version);
    expect(label('revision')).toBe(await run('git', ['rev-parse', 'HEAD']));
    expect(Date.parse(label('created') ?? '')).not.toBeNaN();
    expect(label('source')).not.toBe('');
  });

  it('adds at most 60 MB to its base and Node', async () => {
    const size = Number(await inspected('{{.Size}}'));
    const base = Number(
      await podman('image', 'inspect', '--format', '{{.Size}}', 'gcr.io/distroless/cc-debian13:nonroot'),
    );
    const node = Number(await inImage('console.log(fs.statSync(process.execPath).size)'));
    expect((size - base - node) / MEGABYTE).toBeLessThan(60);
  });

  it('has neither a shell nor a package manager', async () => {
    const programs = ['/bin/sh', '/bin/bash', '/usr/bin/apt-get', '/usr/bin/dpkg', '/usr/local/bin/npm', '/busybox/sh'];
    const found = await inImage(`console.log(${JSON.stringify(programs)}.filter(fs.existsSync).join())`);
    expect(found).toBe('');
  });

  it('works with nothing to write to and no capability', async () => {
    const hardened = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'];
    const started = podman('run', '--rm', '--network=none', ...hardened, image);
    // It comes as far as its settings, which are not there.
    await expect(started).rejects.toMatchObject({ code: 78, stderr: expect.stringContaining('DATABASE_URL') });
  });

  it('holds in its list of contents just what the lock file says, and has just that installed', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock;
    const locked = Object.entries(lock.packages)
      .filter(([path, entry]) => path !== '' && !entry.dev && !entry.optional && !entry.devOptional)
      .map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`);
    const sbom = JSON.parse(await inImage('console.log(fs.readFileSync("sbom.json", "utf8"))')) as {
      components: { group?: string; name: string; version: string }[];
    };
    const listed = sbom.components.map((part) => `${part.group ? `${part.group}/` : ''}${part.name}@${part.version}`);
    expect([...new Set(listed)].sort()).toEqual([...new Set(locked)].sort());
    const list = `console.log(fs.globSync(['node_modules/**/node_modules/*/package.json', 'node_modules/**/node_modules/@*/*/package.json',
      'node_modules/*/package.json', 'node_modules/@*/*/package.json']).map((file) => JSON.parse(fs.readFileSync(file)))
      .filter((part) => part.version).map((part) => part.name + '@' + part.version).join('\\n'))`;
    const installed = (await inImage(list)).split('\n');
    expect([...new Set(installed)].sort()).toEqual([...new Set(locked)].sort());
  });
});
