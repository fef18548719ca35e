import { mkdtemp, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, secret } from './api.js';
import { containerOf, folder, podman, project, run } from './stack.mjs';

const other = `${project}-secrets`;

function script(name: string, ...args: string[]): Promise<string> {
  const env = { COMPOSE_PROJECT_NAME: other, SECRETS_FOLDER: secrets };
  return run(`ops/scripts/${name}`, args, { env });
}

let secrets: string;

beforeAll(async () => {
  secrets = await mkdtemp(join(folder, 'secrets-'));
});

afterAll(async () => {
  const left = await podman('secret', 'ls', '--quiet', '--filter', `name=^${other}`);
  if (left !== '') await podman('secret', 'rm', ...left.split('\n'));
});

async function files(): Promise<Record<string, string>> {
  const names = await readdir(secrets);
  const contents = await Promise.all(names.map((name) => readFile(join(secrets, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, contents[index] ?? '']));
}

describe('the secrets of a stack', () => {
  it('keep it from being started while one is missing, which is named', async () => {
    const started = script('up');
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/missing +postgres-password\n[^]*nothing was started[^]*init-secrets/),
    });
    expect(await podman('ps', '--all', '--quiet', '--filter', `label=io.podman.compose.project=${other}`)).toBe('');
  });

  it('are made at random, for their owner alone, and told of', async () => {
    const said = await script('init-secrets');
    const made = await files();
    expect(said.match(/^made +\S+$/gm)).toHaveLength(Object.keys(made).length);
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length);
    const modes = await Promise.all(
      Object.keys(made).map(async (name) => (await stat(join(secrets, name))).mode & 0o777),
    );
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect(Object.values(made).some((value) => said.includes(value.trim()))).toBe(false);
  });

  it('are never overwritten, be it in Podman or in files', async () => {
    const made = await files();
    await podman('secret', 'rm', `${other}-ops-token`);
    const said = await script('init-secrets');
    expect(said).toMatch(/^registered +ops-token/m);
    expect(said.match(/^kept/gm)).toHaveLength(Object.keys(made).length - 1);
    expect(said).not.toMatch(/^made/m);
    expect(await files()).toEqual(made);
    await expect(script('init-secrets', '--check')).resolves.toBe('');
  });
});

describe('PostgreSQL', () => {
  it('keeps no password of a role among its statistics', async () => {
    const statistics = 'select query from pg_stat_statements';
    const kept = await podman(
      'exec',
      containerOf('postgres'),
      'psql',
      '-U',
      'postgres',
      '-qAtc',
      statistics,
      'plimsoll',
    );
    expect(kept).toContain('pg_stat_statements');
    for (const role of ['', 'unleash-', 'exporter-'])
      expect(kept).not.toContain(await secret(`${role}database-password`));
  });
});

describe('Unleash', () => {
  it('logs the password of its admin nowhere, and hides no failure for it', async () => {
    const log = await run('sh', ['-c', `podman logs ${containerOf('unleash')} 2>&1`]);
    expect(log).not.toContain(await secret('unleash-admin-password'));
    const name = `${project}_unleash_unknown`;
    const unknown = ['run', '--detach', '--no-deps', '--name', name, '-e', 'DATABASE_USERNAME=nobody', 'unleash'];
    await run('podman-compose', ['-f', 'podman-compose.yml', ...unknown]);
    const failure = 'password authentication failed for user "nobody"';
    const said = () => run('sh', ['-c', `podman logs ${name} 2>&1`]);
    expect(await eventually(said, (text) => text.includes(failure), 60_000)).toContain(failure);
    await podman('rm', '--force', '--time', '0', name);
  });
});
