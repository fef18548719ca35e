import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api, asks, secret } from './api.js';
import { copyOfClone } from './clone-copy.js';
import { compose, podman, project, proxyPort, run } from './stack.mjs';

const machine = `${project}-empty`;
const page = 'docs/how-to/back-up-and-restore.md';
const release = (digit: string) => `sha256:${digit.repeat(64)}`;
const environment = { COMPOSE_PROJECT_NAME: machine, SECRETS_FOLDER: '', PROXY_PORT: String(proxyPort + 4) };

/** As the page prints them, for a project of another name. The image is there already. */
async function commands(heading: string): Promise<string> {
  const [, text = ''] = (await readFile(page, 'utf8')).split(`\n### ${heading}\n`);
  const [, block = ''] = /^```sh\n(.*?)^```$/ms.exec(text) ?? [];
  expect(block).toContain('ops/scripts/');
  return block.replace('ops/scripts/build-image\n', '').replaceAll('plimsoll_', `${machine}_`);
}

const onMachine = (program: string, ...args: string[]) =>
  run(program, args, { cwd: clone, env: environment, timeoutMs: 420_000 });
const sql = (database: string, statement: string) =>
  podman('exec', `${machine}_postgres_1`, 'psql', '-U', 'postgres', '-d', database, '-qAtc', statement);

const expectReady = [{ field: 'status', op: 'eq', value: 200 }];
const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: expectReady };
const gate = { warmUpSeconds: 0, bakeSeconds: 1, checks: [check] };
const identity = { url: 'http://{host.name}:9464/info', field: '/gitSha', consecutive: 1, withinSeconds: 30 };

async function put(to: Api, path: string, body: object): Promise<void> {
  const answer = await to.send('PUT', path, body);
  if (answer.status >= 300) throw new Error(`${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
}

async function promoted(to: Api, service: string, digest: string): Promise<void> {
  const { body } = await to.deploy(service, 'restored', digest);
  await to.send('POST', `/v1/deployments/${String(body['id'])}/deployed`, { fence: body['fence'] });
  const verdict = await to.send('GET', `/v1/deployments/${String(body['id'])}/verdict?wait=30`);
  expect(verdict.body).toMatchObject({ verdict: 'promote', state: 'promoted' });
}

/** One service that runs what the ledger says, and one whose release nobody runs: its gate asked for no identity. */
async function fill(): Promise<void> {
  [, gitSha = ''] = /"gitSha":"(\w+)"/.exec(await asks('app-1', '/info')) ?? [];
  await put(api, '/v1/environments/restored', { tier: 'development' });
  for (const [service, sha] of [
    ['in-agreement', gitSha],
    ['in-drift', '2'.repeat(40)],
  ] as const) {
    const slot = `/v1/services/${service}/environments/restored`;
    await put(api, `/v1/services/${service}`, {});
    await put(api, `/v1/services/${service}/releases/${release('1')}`, { version: '1.0.0', gitSha: sha });
    await put(api, `${slot}/hosts`, { hosts: [{ name: 'app-1', url: 'http://app-1:3000' }] });
    await put(api, `${slot}/gate`, service === 'in-agreement' ? { ...gate, identity } : gate);
    await promoted(api, service, release('1'));
    await put(api, `${slot}/gate`, { ...gate, identity });
  }
}

/** The other one is of the machine that is lost. */
async function newestBootstrapToken(): Promise<string> {
  const { body } = await api.send('GET', '/v1/tokens?limit=200');
  const tokens = body['items'] as { id: string; name: string }[];
  return tokens.find(({ name }) => name === 'bootstrap')?.id ?? '';
}

let api: Api;
let clone: string;
/** Of the image of this run. */
let gitSha: string;

describe('a machine that has a copy of the backups, a clone and the key', () => {
  let said: string;

  beforeAll(async () => {
    api = await Api.connect();
    await fill();
    await run('ops/scripts/backup', ['full'], { timeoutMs: 120_000 });
    clone = await copyOfClone();
    await podman('volume', 'export', `${project}_backups`, '--output', join(clone, 'backups.tar'));
    await mkdir(join(clone, '.plimsoll/secrets'), { recursive: true });
    await writeFile(join(clone, '.plimsoll/secrets/backup-key'), await secret('backup-key'));
    api.close();
    // Two at once are much for a small machine.
    await compose('down', '--timeout', '2');
    said = await onMachine('bash', '-euc', await commands('On an empty machine'));
    api = await Api.connect(machine, proxyPort + 4);
  });

  afterAll(async () => {
    api.close();
    await onMachine('podman-compose', '-f', 'podman-compose.yml', 'down', '--volumes', '--timeout', '2');
  });

  it('is told that the seals hold, and which hosts run something else', () => {
    expect(said).toMatch(/^✓ audit log: \d+ entries are as they were sealed/m);
    expect(said).toMatch(/^in-agreement in restored, app-1: as the ledger says$/m);
    expect(said).toMatch(/^in-drift in restored, app-1: DRIFT: runs [0-9a-f]{40}, the ledger says sha256:1{64}$/m);
  });

  it('has everything healthy, its flags among it, and no token of the other machine', async () => {
    await onMachine('ops/scripts/wait-healthy', '--timeout', '0');
    expect(await onMachine('ops/scripts/ask', 'app-1', 'GET', '/flags')).toContain('"stale":false');
    const tokens = await sql('unleash', 'select secret from api_tokens order by type');
    expect(tokens.split('\n')).toEqual(await Promise.all(['admin', 'backend'].map(tokenOf)));
  });

  it('lets in whoever has its bootstrap token, and says so in the audit log', async () => {
    const { body } = await api.send('GET', '/v1/tokens/current');
    expect(body).toMatchObject({ name: 'bootstrap', role: 'admin' });
    const { body: entries } = await api.send('GET', `/v1/audit?subject=${await newestBootstrapToken()}`);
    expect(entries['items']).toMatchObject([{ actor: 'adopt-secrets', action: 'token.create' }]);
  });

  it('lets in the admin of Unleash with its password', async () => {
    const password = await secret('unleash-admin-password', machine);
    const isOf = `select password_hash = crypt('${password}', password_hash) from users where username = 'admin'`;
    expect(await sql('unleash', `begin; create extension pgcrypto; ${isOf}`)).toBe('t');
  });

  it('has what was in the backup, and promotes a deployment through the gate', async () => {
    const { body } = await api.send('GET', '/v1/services/in-drift/environments/restored');
    expect(body).toMatchObject({ runningRelease: { digest: release('1') } });
    await put(api, `/v1/services/in-agreement/releases/${release('3')}`, { version: '2.0.0', gitSha });
    await promoted(api, 'in-agreement', release('3'));
  });

  it('lets in again whoever has lost every admin token', async () => {
    expect((await api.send('DELETE', `/v1/tokens/${await newestBootstrapToken()}`)).status).toBe(204);
    expect((await api.send('GET', '/v1/tokens/current')).status).toBe(401);
    await onMachine('bash', '-euc', await commands('If every admin token is lost'));
    const others = await Api.connect(machine, proxyPort + 4);
    expect((await others.send('GET', '/v1/tokens/current')).body).toMatchObject({ role: 'admin' });
    others.close();
  });

  it('shows none of its secrets to statistics, logs or lists of processes', async () => {
    const secrets = await Promise.all(['database-password', 'unleash-token', 'unleash-admin-password'].map(ofMachine));
    const texts = await sql('plimsoll', 'select query from pg_stat_statements');
    const log = await run('sh', ['-c', `podman logs ${machine}_postgres_1 2>&1`]);
    expect(secrets.filter((value) => `${texts}${log}${said}`.includes(value))).toEqual([]);
  });
});

const ofMachine = (name: string) => secret(name, machine);
const tokenOf = (type: string) => ofMachine(type === 'admin' ? 'unleash-admin-token' : 'unleash-token');
