import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Api, eventually, secret } from './api.js';
import { startedAt } from './instances.js';
import { compose, containerOf, folder, healthy, image, podman, project, run } from './stack.mjs';

const keyName = `${project}-backup-key`;
const backup = (script: string) => podman('exec', containerOf('backup'), 'bash', '-euc', script);
const sql = (statement: string) =>
  podman('exec', containerOf('postgres'), 'psql', '-U', 'postgres', '-d', 'plimsoll', '-qAtc', statement);
const make = (type: string) => run('ops/scripts/backup', [type], { timeoutMs: 60_000 });
const restore = (...args: string[]) => run('ops/scripts/restore', args, { timeoutMs: 200_000 });
const refusal = (code: number, name: string) => ({
  code,
  stderr: expect.stringMatching(new RegExp(`^${name}: `, 'm')),
});

const services = async () => (await sql('select slug from services order by slug')).split('\n');
const metrics = () => podman('exec', containerOf('node-exporter'), 'wget', '-qO-', 'http://127.0.0.1:9100/metrics');
const starts = () => Promise.all(['proxy', 'app-1', 'postgres'].map(startedAt));

/** The next full second by the database's clock; answers once it has passed. */
async function passedSecond(): Promise<string> {
  const moment = await sql("select date_trunc('second', clock_timestamp()) + interval '1 s'");
  await eventually(
    () => sql(`select clock_timestamp() > '${moment}'`),
    (isPast) => isPast === 't',
    5000,
  );
  return moment;
}

/** With another secret than the one that the backups were encrypted with. */
async function withKey(content: string): Promise<void> {
  const replaced = 'printf "%s" "$CONTENT" | podman secret create --replace "$NAME" -';
  await run('sh', ['-c', replaced], { env: { CONTENT: content, NAME: keyName } });
  await compose('up', '--detach', '--no-deps', '--force-recreate', 'backup');
  await healthy('backup');
}

const [older, newer] = [`${image}-older`, `${image}-newer`];
const withImage = (name: string, ...args: string[]) =>
  run('ops/scripts/restore', args, { timeoutMs: 200_000, env: { IMAGE: name } });
const migrate = (...args: string[]) => {
  const once = ['-f', 'podman-compose.yml', 'run', '-T', '--rm', '--no-deps', 'migrate', 'dist/migrate.js', ...args];
  return run('podman-compose', once, { env: { IMAGE: newer } });
};
/** A database that was replaced would lie beside. */
const kept = () => backup('ls /var/lib/postgresql');

/** An image that differs by what lines of its Containerfile do, and by a migration that it may take. */
async function buildOn(name: string, lines: string[]): Promise<void> {
  const context = await mkdtemp(join(folder, 'image-'));
  const migration = `export class AddNothing9999999999999 {
  name = 'AddNothing9999999999999';
  async up(runner) { await runner.query('create table of_a_later_version ()'); }
  async down(runner) { await runner.query('drop table of_a_later_version'); }
}`;
  await writeFile(join(context, 'migration.ts'), migration);
  await writeFile(join(context, 'Containerfile'), [`FROM ${image}`, ...lines].join('\n'));
  await podman('build', '--quiet', '--format', 'docker', '--tag', name, context);
}

describe('backups of the stack', () => {
  let api: Api;
  const put = async (slug: string) => (await api.send('PUT', `/v1/services/${slug}`, {})).status;

  beforeAll(async () => {
    api = await Api.connect();
    await eventually(
      () => run('ops/scripts/backup', ['list']),
      (list) => /full backup: \d/.test(list) && / {2}whole$/m.test(list),
      90_000,
    );
  });

  afterAll(() => api.close());

  it('are made at the first start, and told of to Prometheus', async () => {
    expect(await metrics()).toMatch(/^backup_last_success_timestamp_seconds \d/m);
    expect(await metrics()).toMatch(/^backup_size_bytes \d{3}/m);
  });

  it('hold nothing that can be read without the key', async () => {
    await put('readable-without-a-key');
    await make('full');
    await make('dump');
    const found = await backup('grep -rlE "readable-without-a-key|CREATE ROLE" /backups || true');
    expect(found).toBe('');
    expect(await run('ops/scripts/backup', ['list'])).toMatch(/cipher: aes-256-cbc/);
  });

  it('give one table back beside the one that runs', async () => {
    await put('kept-elsewhere');
    const moment = await passedSecond();
    await sql("delete from services where slug = 'kept-elsewhere'");
    // A change after it, by which the recovery knows that it is past the moment.
    await sql('select txid_current()');
    const said = await restore('--table', 'services', '--to', moment);
    const [, copy = ''] = /into (restored_\w+\.services)/.exec(said) ?? [];
    expect(await sql(`select count(*) from ${copy} where slug = 'kept-elsewhere'`)).toBe('1');
    expect(await services()).not.toContain('kept-elsewhere');
    await sql(`drop schema ${copy.split('.')[0]} cascade`);
  });

  describe('that are not what they should be', () => {
    let startedBefore: string[];
    /** Nobody was so much as stopped. */
    const goesOn = async () => isDeepStrictEqual(await starts(), startedBefore) && (await put('goes-on')) < 300;

    beforeEach(async () => (startedBefore = await starts()));

    it('are refused when a part is damaged or cut off', async () => {
      const newest = '$(ls -td /backups/repo/backup/plimsoll/*F | head -n 1)/bundle';
      await backup(
        `cp -a ${newest} /backups/kept; printf damaged | dd of=${newest}/1 bs=1 seek=999 conv=notrunc status=none`,
      );
      await expect(restore()).rejects.toMatchObject(refusal(82, 'damaged'));
      await backup(`cp -a /backups/kept/. ${newest}; truncate --size=-100 ${newest}/1`);
      await expect(restore()).rejects.toMatchObject(refusal(82, 'damaged'));
      await backup(`cp -a /backups/kept/. ${newest}; rm -r /backups/kept`);
      expect(await goesOn()).toBe(true);
    });

    it('are refused with another key', async () => {
      const key = await secret('backup-key');
      await withKey(key.replace(/=.*/, '=another'));
      try {
        await expect(restore()).rejects.toMatchObject(refusal(81, 'wrong-key'));
      } finally {
        await withKey(key);
      }
      expect(await goesOn()).toBe(true);
    });

    it('are refused for a time that they do not reach, and for none', async () => {
      await expect(restore('--to', '2020-01-01 00:00:00Z')).rejects.toMatchObject(refusal(84, 'unreachable-time'));
      await expect(restore('--to', 'yesterday')).rejects.toMatchObject(refusal(64, 'usage'));
      expect(await goesOn()).toBe(true);
    });

    it('are refused where there is no room', async () => {
      const small = ['--tmpfs', '/var/lib/postgresql:size=20m', '--user', '999:999', '--network', 'none'];
      const volumes = ['-v', `${project}_backups:/backups`, '-v', './ops/backup:/ops/backup:ro'];
      const conf = ['-v', './ops/backup/pgbackrest.conf:/etc/pgbackrest/pgbackrest.conf:ro'];
      const key = ['--secret', `${keyName},target=/etc/pgbackrest/conf.d/key.conf,uid=999,mode=0400`];
      const postgres = await podman('inspect', '--format', '{{.ImageName}}', containerOf('backup'));
      const tried = podman(
        'run',
        '--rm',
        ...small,
        ...volumes,
        ...conf,
        ...key,
        postgres,
        '/ops/backup/restore',
        'beside',
      );
      await expect(tried).rejects.toMatchObject(refusal(83, 'no-room'));
      await backup('rm -f /backups/state/paused');
      expect(await goesOn()).toBe(true);
    });
  });

  describe('of another schema than the image knows', () => {
    let startedBefore: string;
    let keptBefore: string;

    beforeAll(async () => {
      const newest = "fs.rmSync('migrations/' + fs.readdirSync('migrations').sort().at(-1))";
      await buildOn(older, ['USER 0:0', `RUN ["/usr/local/bin/node", "-e", "${newest}"]`, 'USER 65532:65532']);
      await buildOn(newer, ['COPY migration.ts /app/migrations/9999999999999-add-nothing.ts']);
      await put('before-another-schema');
      [startedBefore, keptBefore] = [await startedAt('postgres'), await kept()];
    });

    afterAll(() => podman('rmi', '--force', older, newer));

    it.each([
      [86, 'newer-schema', older],
      [85, 'older-schema', newer],
    ])('end with %i, %s, and what served goes on', async (code, name, other) => {
      await expect(withImage(other)).rejects.toMatchObject({
        code,
        stderr: expect.stringMatching(new RegExp(`^${name}: [^]*the database is as it was; what served goes on`, 'm')),
      });
      expect(await startedAt('postgres')).toBe(startedBefore);
      expect(await kept()).toBe(keptBefore);
      await healthy('proxy', 'app-1', 'app-2', 'unleash');
      expect(await services()).toContain('before-another-schema');
      expect(await put(`after-${name}`)).toBe(201);
    });

    it('are migrated where that is asked for', async () => {
      expect(await withImage(newer, '--migrate')).toMatch(/^✓ audit log: /m);
      expect(await services()).toEqual(expect.arrayContaining(['after-newer-schema', 'after-older-schema']));
      expect(await sql("select to_regclass('of_a_later_version') is not null")).toBe('t');
      expect(await put('after-the-migration')).toBe(201);
      await migrate('down');
    });
  });

  it('bring back every write that was acknowledged by a second, and none after it', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `acknowledged-${String(n).padStart(2, '0')}`);
    for (const status of await Promise.all(names.map(put))) expect(status).toBe(201);
    const moment = await passedSecond();
    await put('written-after');
    const said = await restore('--to', moment);
    expect(said).toMatch(/^✓ audit log: \d+ entries are as they were sealed/m);
    expect(said).toMatch(/^\d+ hosts asked/m);
    const restored = await services();
    expect(restored).toEqual(expect.arrayContaining(names));
    expect(restored).not.toContain('written-after');
    expect(await put('written-after')).toBe(201);
  });

  it('go on after a restore, with what was written since', async () => {
    await eventually(
      () => backup('cat /backups/state/full 2>/dev/null || true'),
      (at) => at !== '',
      60_000,
    );
    expect(await run('ops/scripts/backup', ['check'], { timeoutMs: 90_000 })).toMatch(/^rows: services \d/m);
  });
});
