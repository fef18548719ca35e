import { readFile } from 'node:fs/promises';
import { inside } from './instances.js';
import { image, podman, run } from './stack.mjs';

const MEGABYTE = 1_000_000;

interface Lock {
  version: string;
  packages: Record<
    string,
    { version: string; dev?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean }
  >;
}

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const inspected = async (format: string) => podman('image', 'inspect', '--format', format, image);
const label = (name: string) => inspected(`{{index .Labels "org.opencontainers.image.${name}"}}`);
const inImage = (script: string, ...options: string[]) => podman('run', '--rm', ...options, image, '-e', script);

describe('the image', () => {
  it('runs as nobody in particular, and says what health is', async () => {
    expect(await inspected('{{.Config.User}}')).toBe('65532:65532');
    expect(await inspected('{{json .HealthCheck.Test}}')).toContain('health-check.mjs');
  });

  it('is labelled with what it was made of', async () => {
    expect(await label('version')).toBe(version);
    expect(await label('revision')).toBe(await run('git', ['rev-parse', 'HEAD']));
    expect(Date.parse(await label('created'))).not.toBeNaN();
    expect(await label('source')).not.toBe('');
  });

  it('adds at most 60 MB to its base and Node', async () => {
    const size = Number(await inspected('{{.Size}}'));
    const base = Number(await podman('image', 'inspect', '--format', '{{.Size}}', await label('base.name')));
    const node = Number(await inImage('console.log(fs.statSync(process.execPath).size)'));
    const added = (size - base - node) / MEGABYTE;
    process.stdout.write(`The image adds ${added.toFixed(1)} MB to its base and Node.\n`);
    expect(added).toBeLessThanOrEqual(60);
  });

  it('has no program but Node: no shell, no package manager, not the Node that npm brings', async () => {
    const programs = `fs.globSync('/{app,bin,sbin,usr,home,opt,busybox,etc,var,root,tmp}/**', { withFileTypes: true })
      .filter((entry) => entry.isFile()).map((entry) => entry.parentPath + '/' + entry.name)
      .filter((file) => { const start = Buffer.alloc(18); const at = fs.openSync(file); fs.readSync(at, start); fs.closeSync(at);
        return start.subarray(1, 4).toString() === 'ELF' && !/\\.so(\\.|$)/.test(file); })`;
    expect((await inImage(`console.log(${programs}.join('\\n'))`)).split('\n')).toEqual(['/usr/local/bin/node']);
    const scripts = await inImage(
      `console.log(process.env.PATH.split(':').flatMap((path) => fs.globSync(path + '/*')).join('\\n'))`,
    );
    expect(scripts.split('\n')).toEqual(['/usr/local/bin/node']);
  });

  it('runs in the stack as that user, without capabilities or new privileges, on a root that it cannot write to', async () => {
    const status = await inside('app-1', 'console.log(fs.readFileSync("/proc/1/status", "utf8"))');
    const of = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
    expect([of('Uid'), of('Gid'), of('NoNewPrivs')]).toEqual(['65532', '65532', '1']);
    expect(['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map(of).filter((set) => !/^0+$/.test(set ?? ''))).toEqual(
      [],
    );
    const write =
      '["/", "/app", "/home/nonroot", "/usr/local/bin"].map((path) => { try { fs.writeFileSync(path + "/x", ""); } catch ({ code }) { return code; } })';
    expect(JSON.parse(await inside('app-1', `console.log(JSON.stringify(${write}))`))).toEqual(
      Array(4).fill(expect.stringMatching(/^(EROFS|EACCES)$/)),
    );
  });

  it('belongs to root, so that who runs it can change nothing', async () => {
    const owners = `fs.globSync('/app/**').map((file) => fs.lstatSync(file).uid)`;
    expect(await inImage(`console.log([...new Set(${owners})].join())`)).toBe('0');
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
