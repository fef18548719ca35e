import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, secret } from './api.js';
import { image, podman, project } from './stack.mjs';

const pod = `${project}-pod`;
const container = `${pod}-server`;
const inside = `${project}_inside`;

async function base64(key: string): Promise<string> {
  return Buffer.from(await secret(key)).toString('base64');
}

function state(field: string): Promise<string> {
  return podman('inspect', '--format', `{{.State.${field}}}`, container);
}

const becomesHealthy = () =>
  eventually(
    () => state('Health.Status'),
    (status) => status === 'healthy',
    60_000,
  );

/** What the kubelet does by itself, more often than it takes to be broken. Each ends with 1 where the check has failed. */
async function checkHealthOften(): Promise<void> {
  for (let n = 0; n < 5; n++) await podman('healthcheck', 'run', container).catch(() => undefined);
}

function probe(path: string): Promise<string> {
  const check = ['/usr/local/bin/node', 'ops/containers/health-check.mjs', path];
  return podman('exec', container, ...check).catch((error: { stdout?: string }) => error.stdout ?? '');
}

/** What the manifest wants, made of the secrets of the stack, which this instance joins. */
async function secretManifest(): Promise<string> {
  const keys = ['database-url', 'redis-url', 'postgres-certificate'];
  const rows = await Promise.all(keys.map(async (key) => `  ${key}: ${await base64(key)}`));
  // Where sslrootcert in the database's URL points to is the same in both.
  return ['apiVersion: v1', 'kind: Secret', `metadata: { name: ${pod} }`, 'data:', ...rows, ''].join('\n');
}

/** The manifest in the repository, with names that leave alone whatever else runs here. */
async function manifest(): Promise<string> {
  const text = await readFile('ops/kubernetes/plimsoll.yml', 'utf8');
  return text
    .replace(/image: localhost\/plimsoll:\S+/, `image: ${image}`)
    .replace('  name: plimsoll\n', `  name: ${pod}\n`)
    .replace('secretName: plimsoll ', `secretName: ${pod} `);
}

describe('the manifest for podman kube play', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-kube-'));
    await writeFile(join(folder, 'secret.yml'), await secretManifest(), { mode: 0o600 });
    await podman('kube', 'play', join(folder, 'secret.yml'));
    await writeFile(join(folder, 'pod.yml'), await manifest());
    await podman('kube', 'play', '--network', inside, join(folder, 'pod.yml'));
  });

  afterAll(async () => {
    await podman('kube', 'down', join(folder, 'pod.yml'));
    await podman('secret', 'rm', pod);
    await rm(folder, { recursive: true });
  });

  it('starts an instance whose probes all succeed', async () => {
    await becomesHealthy();
    const probes = ['/startupz', '/livez', '/readyz'];
    const answers = await Promise.all(probes.map(probe));
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '200', '200']);
  });

  it('leaves an instance alone whose database is away', async () => {
    const startedAt = await state('StartedAt');
    // Whose network the pod has.
    const infra = await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod);
    await podman('network', 'disconnect', inside, infra);
    await eventually(
      () => probe('/readyz'),
      (answer) => answer.startsWith('503'),
      60_000,
    );
    await checkHealthOften();
    expect(await state('Health.Status')).toBe('healthy');
    await podman('network', 'connect', inside, infra);
    await eventually(
      () => probe('/readyz'),
      (answer) => answer.startsWith('200'),
      60_000,
    );
    expect(await state('StartedAt')).toBe(startedAt);
  });

  // Two checks at once would let Podman take the container for stopped: this one is left to its own.
  it('starts an instance again that hangs', async () => {
    const startedAt = await state('StartedAt');
    await podman('kill', '--signal', 'STOP', container);
    // Three checks, and as long to drain as an instance has that does not hang.
    const again = await eventually(
      () => state('StartedAt'),
      (time) => time !== startedAt,
      180_000,
    );
    expect(Date.parse(again)).toBeGreaterThan(Date.parse(startedAt));
    await becomesHealthy();
  });
});
