import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './api.js';
import { copyOfClone } from './clone-copy.js';
import { compose as production, podman, project, run } from './stack.mjs';

const development = `${project}-dev`;
const ports = {
  PORT: 23_000,
  OPS_PORT: 29_464,
  DEBUG_PORT: 29_229,
  POSTGRES_PORT: 25_432,
  UNLEASH_PORT: 24_242,
  PROMETHEUS_PORT: 29_090,
};
const api = `http://127.0.0.1:${ports.PORT}`;
const operations = `http://127.0.0.1:${ports.OPS_PORT}`;
const unleash = `http://127.0.0.1:${ports.UNLEASH_PORT}`;

const env = {
  COMPOSE_PROJECT_NAME: development,
  ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
};
let clone: string;

/** Without `-f`, as a developer says it. */
function compose(...args: string[]): Promise<string> {
  return run('podman-compose', args, { cwd: clone, env, timeoutMs: 900_000 });
}

async function asked(url: string, token: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { headers: { authorization: token } });
  return (await answer.json()) as Record<string, unknown>;
}

/** What the compiler and the server said, for whoever has to find out why neither went on. */
async function tell(cause: Error): Promise<never> {
  const log = await podman('logs', '--tail', '40', `${development}_app-1_1`);
  throw new Error(`${cause.message}\n${log}`, { cause });
}

/** Nothing while the process is started anew. */
function info(): Promise<Record<string, unknown>> {
  return asked(`${operations}/info`, '').catch(() => ({}));
}

async function deployments(): Promise<unknown[]> {
  const { items } = await asked(`${api}/v1/deployments?limit=200`, 'Bearer plm_development');
  return items as unknown[];
}

async function filesOfClone(): Promise<string[]> {
  const entries = await readdir(clone, { recursive: true });
  const owners = await Promise.all(entries.map(async (entry) => (await stat(join(clone, entry))).uid));
  return entries.map((entry, index) => `${owners[index]} ${entry}`).sort();
}

describe('podman-compose up on a fresh clone', () => {
  let before: string[];

  beforeAll(async () => {
    clone = await copyOfClone();
    before = await filesOfClone();
    await production('down', '--timeout', '1');
    // An image of another commit may be there.
    await compose('build', 'app-1');
    await compose('up', '--detach');
    await run('ops/scripts/wait-healthy', ['--timeout', '240'], { env, timeoutMs: 250_000 });
  });

  afterAll(async () => {
    await compose('down', '--volumes', '--timeout', '1');
  });

  it('answers, with what is seeded; seeding again changes nothing', async () => {
    expect(await podman('wait', `${development}_seed_1`)).toBe('0');
    const seeded = await deployments();
    expect(seeded).not.toEqual([]);
    await run('node', ['ops/scripts/seed.mjs'], { env: { PLIMSOLL_URL: api, PLIMSOLL_TOKEN: 'plm_development' } });
    expect(await deployments()).toEqual(seeded);
  });

  it('publishes its ports to this machine alone, the debugger among them', async () => {
    const ofProject = `label=io.podman.compose.project=${development}`;
    const published = (await podman('ps', '--filter', ofProject, '--format', '{{.Ports}}')).match(/\S+->/g) ?? [];
    expect(published.length).toBeGreaterThanOrEqual(Object.keys(ports).length);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const targets = (await (await fetch(`http://127.0.0.1:${ports.DEBUG_PORT}/json/list`)).json()) as object[];
    expect(targets).not.toEqual([]);
  });

  it('shows Unleash, with the flags in it', async () => {
    expect((await fetch(unleash)).headers.get('content-type')).toContain('text/html');
    const { features } = await asked(`${unleash}/api/admin/projects/default/features`, '*:*.development');
    const { features: declared } = JSON.parse(await readFile('config/flags.bootstrap.json', 'utf8')) as {
      features: { name: string }[];
    };
    const names = (features as { name: string }[]).map(({ name }) => name);
    expect(names.sort()).toEqual(declared.map(({ name }) => name).sort());
  });

  it('has the new code answer when a file is saved', async () => {
    const file = join(clone, 'src/operations/info/app-info.ts');
    const source = await readFile(file, 'utf8');
    for (const [saved, text] of [
      ['once', source.replace('schemaVersion: null,', "schemaVersion: null, saved: 'once',")],
      ['twice', source.replace('schemaVersion: null,', "schemaVersion: null, saved: 'twice',")],
    ] as const) {
      await writeFile(file, text);
      const savedAt = Date.now();
      await eventually(info, (answer) => answer['saved'] === saved, 120_000).catch(tell);
      process.stdout.write(`Saved, and answered by the new code after ${(Date.now() - savedAt) / 1000} s.\n`);
    }
    expect(await info()).toMatchObject({ name: 'plimsoll', saved: 'twice' });
    await writeFile(file, source);
  });

  it('leaves nothing in the clone, and nothing that belongs to somebody else', async () => {
    expect(await filesOfClone()).toEqual(before);
  });
});
