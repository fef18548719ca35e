import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { HostSlot } from '../../src/cli/hosts/host-slot.js';
import { planOn } from '../../src/cli/hosts/host-plan.model.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { Command, type Ended } from './command.js';
import { Lab } from './lab.js';
import { run } from './run.js';
import { Traffic } from './traffic.js';

const GATEWAY = '10.231.1.1';
const ADMIN_TOKEN = `plm_${randomBytes(32).toString('base64url')}`;
const GIT_SHA = '0'.repeat(40);
const BUILD_WITHIN_MS = 900_000;

let lab: Lab;
let postgres: OwnPostgres;
let gateway: Server;
let url: string;
let folder: string;
let image: string;

beforeAll(async () => {
  image = await ownImage();
  [lab, postgres] = await Promise.all([Lab.open(['a']), OwnPostgres.start()]);
  const plan = lab.plan();
  const [host] = lab.hosts;
  await new HostSlot(planOn(plan, plan.hosts[0]!), host!.podman).prepare();
  url = await lab.url('a');
  gateway = await forward(GATEWAY, Number(new URL(postgres.url).port));
  folder = join(lab.folder, 'itself');
  await mkdir(folder);
  await writeFile(join(folder, 'plimsoll.yml'), await ownFile());
}, BUILD_WITHIN_MS + 400_000);

afterAll(async () => {
  gateway.close();
  await lab.close();
  await postgres.remove();
});

/** The database listens on this machine's loopback alone; the containers of a host reach the gateway of their network. */
async function forward(address: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    const database = connect(port, '127.0.0.1');
    socket.pipe(database).pipe(socket);
    socket.on('error', () => database.destroy());
    database.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return server;
}

/** The plimsoll.yml of this repository, with the host, the database and the token of this test, and a gate of seconds. */
async function ownFile(): Promise<string> {
  const own = parse(await readFile('plimsoll.yml', 'utf8'), { merge: true }) as Record<string, unknown>;
  const { verify: _, environments, ...file } = own;
  const { production } = environments as { production: { gate: object } };
  const [host] = lab.hosts;
  const database = new URL(postgres.url);
  database.hostname = GATEWAY;
  const hosts = [{ name: 'a', url, podman: `unix://${host!.socketPath}`, proxy: { network: host!.network } }];
  return stringify({
    ...file,
    image: `${lab.registry}/plimsoll`,
    secrets: [],
    proxy: { site: 'http://:8080', ports: [] },
    environment: {
      APP_ENV: 'development',
      HOST: '0.0.0.0',
      OPS_HOST: '0.0.0.0',
      DATABASE_URL: database.href,
      BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
      PROBE_ALLOW: '10.231.0.0/16',
      SHUTDOWN_DELAY_MS: '1000',
    },
    environments: { production: { hosts, gate: { ...production.gate, warmUpSeconds: 0, bakeSeconds: 30 } } },
  });
}

/** Of this commit, unless one is named that is there already. */
async function ownImage(): Promise<string> {
  const named = process.env['TEST_IMAGE'];
  if (named) return named;
  const built = 'localhost/plimsoll-itself-test';
  await run('env', [`IMAGE=${built}`, 'ops/scripts/build-image', '--quiet'], BUILD_WITHIN_MS);
  return built;
}

/** Another image than the one before by a label alone. */
async function aRelease(version: string): Promise<string> {
  const context = await mkdtemp(join(lab.folder, 'itself-'));
  await writeFile(join(context, 'Containerfile'), `FROM ${image}\nLABEL test.version=${version}\n`);
  const tag = `${lab.registry}/plimsoll:${version}`;
  await run('podman', ['build', '--quiet', '--format', 'docker', '--tag', tag, context]);
  const digestFile = join(context, 'digest');
  await run('podman', ['push', '--quiet', '--tls-verify=false', '--digestfile', digestFile, tag]);
  await run('podman', ['rmi', '--force', tag]);
  return (await readFile(digestFile, 'utf8')).trim();
}

function plimsoll(...args: string[]): Promise<Ended> {
  return Command.start(args, { PLIMSOLL_URL: url, PLIMSOLL_TOKEN: ADMIN_TOKEN }, folder).ended;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of an answer by its assertions
async function ask(method: string, path: string, body?: object): Promise<any> {
  const headers = {
    authorization: `Bearer ${ADMIN_TOKEN}`,
    'content-type': 'application/json',
    'idempotency-key': randomBytes(8).toString('hex'),
  };
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** A deployment of another service whose gate watches for as long as Plimsoll is replaced. */
async function anotherGate(): Promise<string> {
  const slot = '/v1/services/other/environments/production';
  const digest = `sha256:${'a'.repeat(64)}`;
  const check = { name: 'live', type: 'http', url: '{host.url}/livez', intervalSeconds: 1, timeoutSeconds: 1 };
  const expected = [{ field: 'status', op: 'eq', value: 200 }];
  await ask('PUT', '/v1/services/other', {});
  await ask('PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url }] });
  await ask('PUT', `${slot}/gate`, { warmUpSeconds: 0, bakeSeconds: 60, checks: [{ ...check, expect: expected }] });
  await ask('PUT', `/v1/services/other/releases/${digest}`, { version: '1', gitSha: GIT_SHA });
  const { id, fence } = await ask('POST', '/v1/deployments', { service: 'other', environment: 'production', digest });
  await ask('POST', `/v1/deployments/${id}/deployed`, { fence });
  return id as string;
}

describe('Plimsoll', () => {
  it('is deployed for the first time without a ledger, and reports that to itself', async () => {
    const release = ['--release', await aRelease('1'), '--version', '1', '--git-sha', GIT_SHA];
    const { code, out, errors } = await plimsoll('deploy', '--yes', '--without-ledger', '--bake', '2', ...release);
    expect({ code, out, errors }).toMatchObject({ code: 0 });
    await ask('PUT', '/v1/environments/production', { tier: 'production' });
    await ask('PUT', '/v1/services/plimsoll', {});
    expect(await plimsoll('apply')).toMatchObject({ code: 0 });
    expect(await plimsoll('report')).toMatchObject({ code: 0, errors: '' });
    expect(await plimsoll('verdict', '--wait')).toMatchObject({ code: 0 });
  });

  it('deploys itself through its own gate, loses no request, and no gate of another service', async () => {
    const release = ['--release', await aRelease('2'), '--version', '2', '--git-sha', GIT_SHA];
    const id = await anotherGate();
    const traffic = new Traffic({ urls: [`${url}/livez`], perSecond: 20, pinned: 4, isPlain: true });
    const { code, out, errors } = await plimsoll('deploy', '--yes', ...release);
    expect({ code, out, errors }).toMatchObject({ code: 0 });
    const { failures } = await traffic.end();
    expect(failures).toEqual([]);
    expect(await ask('GET', `/v1/deployments/${id}/verdict?wait=60`)).toMatchObject({ verdict: 'promote' });
    const slot = await ask('GET', '/v1/services/plimsoll/environments/production');
    expect(slot).toMatchObject({ activeDeployment: null, runningRelease: { version: '2' } });
  });
});
