import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, secret } from './api.js';
import { image, podman, project } from './stack.mjs';

const pod = `${project}-pod`;
const container = `${pod}-server`;

async function base64(key: string): Promise<string> {
  return Buffer.from(await secret(key)).toString('base64');
}

function health(): Promise<string> {
  return podman('inspect', '--format', '{{.State.Health.Status}}', container);
}

function probe(path: string): Promise<string> {
  return podman('exec', container, '/usr/local/bin/node', 'ops/containers/health-check.mjs', path);
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
    await podman('kube', 'play', '--network', `${project}_inside`, join(folder, 'pod.yml'));
  });

  afterAll(async () => {
    await podman('kube', 'down', join(folder, 'pod.yml'));
    await podman('secret', 'rm', pod);
    await rm(folder, { recursive: true });
  });

  it('starts an instance whose probes all succeed', async () => {
    expect(await eventually(health, (status) => status === 'healthy', 60_000)).toBe('healthy');
    const probes = ['/startupz', '/livez', '/readyz'];
    const answers = await Promise.all(probes.map(probe));
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '200', '200']);
  });
});
