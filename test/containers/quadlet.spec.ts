import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './api.js';
import { containerOf, podman, project, run } from './stack.mjs';

const generators = ['/usr/local/bin/quadlet', '/usr/libexec/podman/quadlet', '/usr/lib/podman/quadlet'];
const containers = ['app-1', 'app-2', 'migrate', 'postgres', 'proxy', 'redis'];

const health = () => podman('inspect', '--format', '{{.State.Health.Status}}', 'plimsoll-quadlet-test');

/** What Podman's own generator makes of the files: the text of each unit, by its name. */
async function generated(folder: string): Promise<Map<string, string>> {
  const generator = generators.find(existsSync) ?? 'quadlet';
  const output = await run('env', [`QUADLET_UNIT_DIRS=${folder}`, generator, '-dryrun']);
  const [, ...parts] = output.split(/^---(.+)---$/m);
  return new Map(parts.flatMap((name, n) => (n % 2 === 0 ? [[name, parts[n + 1] ?? ''] as const] : [])));
}

/** The words of ExecStart, as systemd reads them. */
function command(unit: string): string[] {
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const words = line.match(/(?:"(?:\\.|[^"])*"|\S)+/g) ?? [];
  return words.map((word) =>
    word
      .replaceAll(/^"|"$/g, '')
      .replaceAll(/\\x([0-9a-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\(.)/g, '$1')
      .replaceAll('$$', '$'),
  );
}

describe('the units that Quadlet makes', () => {
  let folder: string;
  let units: Map<string, string>;
  const unitOf = (name: string) => units.get(`plimsoll-${name}.service`) ?? '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-quadlet-'));
    // In a folder of their own, as the how-to installs them.
    await cp('ops/quadlet', join(folder, 'plimsoll'), { recursive: true });
    units = await generated(folder);
  });

  afterAll(async () => {
    await podman('rm', '--force', '--time', '0', '--ignore', 'plimsoll-quadlet-test');
    await rm(folder, { recursive: true });
  });

  it.each(containers)('harden %s, bound it and start it again', (name) => {
    const started = command(unitOf(name)).join(' ');
    expect(started).toContain('--cap-drop all');
    expect(started).toContain('--security-opt=no-new-privileges');
    expect(started).toMatch(/--memory=\d+[mg] /);
    expect(started).toMatch(/--pids-limit \d+ /);
    expect(started).toContain('--log-driver journald');
    expect(started).not.toMatch(/autoupdate|privileged=true|:latest/);
    expect(unitOf(name)).toContain('Restart=on-failure');
  });

  it.each(containers.filter((name) => name !== 'postgres'))('give %s nothing to write to but its volumes', (name) => {
    expect(command(unitOf(name))).toContain('--read-only');
  });

  it.each(containers.filter((name) => name !== 'migrate'))('count %s as started when it is healthy', (name) => {
    const started = command(unitOf(name)).join(' ');
    expect(started).toMatch(/--health-cmd .* --health-interval 5s/);
    expect(started).toContain('--sdnotify=healthy');
  });

  it.each(['app-1', 'app-2'])('run %s as nobody in particular, and let it drain', (name) => {
    const started = command(unitOf(name));
    expect(started).toContain('65532:65532');
    expect(started.join(' ')).toContain('--stop-timeout 30');
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unitOf(name)) ?? [];
    expect(Number(seconds)).toBeGreaterThan(30);
  });

  it('migrate once, after the database and before the instances', () => {
    expect(unitOf('migrate')).toContain('Type=oneshot');
    expect(unitOf('migrate')).toContain('After=plimsoll-postgres.service');
    expect(unitOf('app-1')).toMatch(/^After=.*plimsoll-migrate.service/m);
    expect(unitOf('app-1')).not.toMatch(/^Requires=.*(postgres|redis|migrate)/m);
  });

  it('publish the proxy alone', () => {
    const published = containers.filter((name) => command(unitOf(name)).includes('--publish'));
    expect(published).toEqual(['proxy']);
    expect(units.get('plimsoll-inside-network.service')).toContain('--internal');
  });

  it('take the image of a deployment by its digest, from a file beside them', async () => {
    const image = `registry.example/plimsoll@sha256:${'a'.repeat(64)}`;
    const dropIn = join(folder, 'plimsoll-app-.container.d');
    await mkdir(dropIn);
    await writeFile(join(dropIn, '20-image.conf'), `[Container]\nImage=${image}\n`);
    const deployed = await generated(folder);
    expect(command(deployed.get('plimsoll-app-2.service') ?? '').at(-1)).toBe(image);
    await rm(dropIn, { recursive: true });
  });

  it('start an instance that becomes healthy', async () => {
    const [, ...args] = command(unitOf('app-1'));
    const image = await podman('inspect', '--format', '{{.ImageName}}', containerOf('app-1'));
    // What only systemd brings goes; it joins the stack that runs.
    const ownNames = args
      .filter((word) => !['--cgroups=split', '--sdnotify=healthy'].includes(word))
      .map((word) => word.replace(/^plimsoll-app-1$/, 'plimsoll-quadlet-test').replace(/^journald$/, 'k8s-file'))
      .map((word) => word.replace(/^plimsoll-(edge|inside)$/, `${project}_$1`))
      // Secrets come with where they go.
      .map((word) => word.replace(/^plimsoll-([a-z-]+),/, `${project}-$1,`));
    await podman(...ownNames.slice(0, -1), image);
    expect(await eventually(health, (status) => status === 'healthy', 60_000)).toBe('healthy');
  });
});
