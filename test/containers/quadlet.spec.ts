import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, generated } from './quadlet-units.js';

const backups = ['backup-full', 'backup-diff', 'backup-dump', 'backup-check'];
const oneShot = ['migrate', ...backups];
const containers = ['app-1', 'app-2', 'postgres', 'proxy', 'redis', ...oneShot];

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

  it.each(containers)('let %s start for as long as it takes, but not again with settings that are invalid', (name) => {
    expect(unitOf(name).match(/^TimeoutStartSec=.*$/gm)).toEqual(['TimeoutStartSec=infinity']);
    expect(unitOf(name)).toContain('RestartPreventExitStatus=78');
  });

  it.each(containers.filter((name) => name !== 'postgres'))('give %s nothing to write to but its volumes', (name) => {
    expect(command(unitOf(name))).toContain('--read-only');
  });

  it.each(containers.filter((name) => !oneShot.includes(name)))('count %s as started when it is healthy', (name) => {
    const started = command(unitOf(name)).join(' ');
    expect(started).toMatch(/--health-cmd .* --health-interval \d+s/);
    expect(started).toContain('--sdnotify=healthy');
  });

  it.each([
    ['app-1', 'kill'],
    ['app-2', 'kill'],
    ['proxy', 'kill'],
    ['redis', 'kill'],
    // A recovery would begin anew.
    ['postgres', undefined],
  ])('do to %s, when it hangs: %s', (name, action) => {
    const started = command(unitOf(name));
    expect(action).toBe(
      started.includes('--health-on-failure') ? started[started.indexOf('--health-on-failure') + 1] : undefined,
    );
  });

  it.each(['app-1', 'app-2'])('run %s as nobody in particular, and let it drain', (name) => {
    const started = command(unitOf(name));
    expect(started).toContain('65532:65532');
    expect(started.join(' ')).toContain('--stop-timeout 30');
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unitOf(name)) ?? [];
    expect(Number(seconds)).toBeGreaterThan(30);
  });

  it('do not migrate again where the migration was refused', () => {
    expect(unitOf('migrate')).toContain('RestartPreventExitStatus=64');
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
});
