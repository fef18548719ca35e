import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './api.js';
import { containerOfUnit, generated, removeUnits, startUnit } from './quadlet-units.js';
import { podman, project } from './stack.mjs';

const names = ['app-1', 'proxy', 'redis'];
const instance = containerOfUnit('app-1');
const inside = `${project}_inside`;

const state = (container: string, field: string) => podman('inspect', '--format', `{{.State.${field}}}`, container);
const becomesHealthy = (container: string) =>
  eventually(
    () => state(container, 'Health.Status'),
    (status) => status === 'healthy',
    60_000,
  );

/** What systemd's timers do, more often than it takes to be unhealthy. */
async function checkHealthOften(container: string): Promise<void> {
  // Each ends with 1 where the check has failed.
  for (let n = 0; n < 5; n++) await podman('healthcheck', 'run', container).catch(() => undefined);
}

/** The status that an endpoint of the instance answers with. */
async function answers(path: string): Promise<string> {
  const check = ['/usr/local/bin/node', 'ops/containers/health-check.mjs', path];
  const answer = await podman('exec', instance, ...check).catch((error: { stdout?: string }) => error.stdout ?? '');
  return answer.slice(0, 3);
}

describe('a container that is started as its unit says', () => {
  let units: Map<string, string>;
  const start = (name: string, ...without: string[]) =>
    startUnit(units.get(`plimsoll-${name}.service`) ?? '', ...without);

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-quadlet-'));
    await cp('ops/quadlet', join(folder, 'plimsoll'), { recursive: true });
    units = await generated(folder);
    await rm(folder, { recursive: true });
  });

  afterEach(() => removeUnits(...names));

  it.each(names)('becomes healthy, and ends in order when it is asked to: %s', async (name) => {
    await start(name);
    await becomesHealthy(containerOfUnit(name));
    const exitCode = podman('wait', containerOfUnit(name));
    await podman('stop', containerOfUnit(name));
    expect(await exitCode).toBe('0');
  });

  it('is killed when the process hangs, which systemd answers with a new start', async () => {
    await start('app-1');
    await becomesHealthy(instance);
    const exitCode = podman('wait', instance);
    await podman('kill', '--signal', 'STOP', instance);
    await checkHealthOften(instance);
    expect(await exitCode).toBe('137');
  });

  it('is left alone when its database is away', async () => {
    await start('app-1');
    await becomesHealthy(instance);
    const startedAt = await state(instance, 'StartedAt');
    await podman('network', 'disconnect', inside, instance);
    await eventually(
      () => answers('/readyz'),
      (status) => status === '503',
      60_000,
    );
    await checkHealthOften(instance);
    expect(await state(instance, 'Health.Status')).toBe('healthy');
    await podman('network', 'connect', inside, instance);
    await eventually(
      () => answers('/readyz'),
      (status) => status === '200',
      60_000,
    );
    expect(await state(instance, 'StartedAt')).toBe(startedAt);
  });

  it('waits for a database that is away at the start, and is not counted as started until it is there', async () => {
    await start('app-1', inside);
    await eventually(
      () => answers('/livez'),
      (status) => status === '200',
      60_000,
    );
    const startedAt = await state(instance, 'StartedAt');
    await checkHealthOften(instance);
    expect(await state(instance, 'Health.Status')).toBe('starting');
    await podman('network', 'connect', inside, instance);
    await becomesHealthy(instance);
    // The database counts as away until the next sample.
    await eventually(
      () => answers('/readyz'),
      (status) => status === '200',
      60_000,
    );
    expect(await state(instance, 'StartedAt')).toBe(startedAt);
  });

  it('ends with 78 where its settings are invalid, after which systemd starts it no more', async () => {
    const attached = start('app-1', '-d', 'DATABASE_URL_FILE=/secrets/database-url');
    await expect(attached).rejects.toMatchObject({ code: 78 });
  });
});
