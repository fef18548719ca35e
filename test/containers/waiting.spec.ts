import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { folder, podman, project, run } from './stack.mjs';

/** A stack of a few lines, with the scripts of this one. */
const other = `${project}-waiting`;
const stack = parse(await readFile('podman-compose.yml', 'utf8')) as { services: { redis: { image: string } } };
const { image } = stack.services.redis;
let clone: string;

beforeAll(async () => {
  clone = await mkdtemp(join(folder, 'waiting-'));
  await mkdir(join(clone, 'ops'));
  await cp('ops/scripts', join(clone, 'ops/scripts'), { recursive: true });
  await script('init-secrets');
});

afterEach(async () => {
  const left = await podman('ps', '--all', '--quiet', '--filter', `label=io.podman.compose.project=${other}`);
  if (left !== '') await podman('rm', '--force', '--depend', '--time', '0', ...left.split('\n'));
});

afterAll(async () => {
  const left = await podman('secret', 'ls', '--quiet', '--filter', `name=^${other}`);
  if (left !== '') await podman('secret', 'rm', ...left.split('\n'));
});

function script(name: string, ...args: string[]): Promise<string> {
  const env = { COMPOSE_PROJECT_NAME: other, SECRETS_FOLDER: join(clone, 'secrets') };
  return run(join(clone, 'ops/scripts', name), args, { cwd: clone, env, timeoutMs: 120_000 });
}

const sh = (command: string) => ({ image, command: ['sh', '-c', command], restart: 'unless-stopped' });
const healthcheck = (command: string) => ({
  healthcheck: { test: ['CMD-SHELL', command], interval: '1s', timeout: '10s', retries: 1, start_period: '0s' },
});
const steady = { ...sh('exec sleep 600'), ...healthcheck('true'), stop_grace_period: '1s' };

async function upWith(services: object, ...args: string[]): Promise<string> {
  await writeFile(join(clone, 'podman-compose.yml'), JSON.stringify({ name: other, services }));
  return script('up', ...args);
}

describe('ops/scripts/up', () => {
  it('ends once everything is healthy', async () => {
    expect(await upWith({ steady })).toContain('everything is healthy');
  });

  it('gives up with what is unhealthy: its name, what its check says, its last lines, and how to end the rest', async () => {
    const sick = { ...steady, ...sh('echo last words; exec sleep 600'), ...healthcheck('echo it hurts; false') };
    // Time for the health check to have failed often enough, on a busy machine too.
    await expect(upWith({ steady, sick }, '--timeout', '25')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/sick is unhealthy\n +health check: it hurts\n +last words[^]*down/),
    });
    expect(await podman('ps', '--filter', `label=io.podman.compose.project=${other}`)).toContain(`${other}_steady_1`);
  });

  it('tells at once of a service that is restarted for ever, with its exit code, and waits for no limit', async () => {
    const started = upWith({ steady, looping: sh('echo no way; exit 78') }, '--timeout', '110');
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/looping [^]*restarted \d+ times, last exit code 78; still waiting[^]*no way/),
    });
  });

  it('does not hang where podman-compose would: on what waits for a health that never comes', async () => {
    const sick = { ...steady, ...healthcheck('false') };
    const once = { ...sh('true'), restart: 'no', depends_on: { sick: { condition: 'service_healthy' } } };
    const started = upWith({ sick, once }, '--timeout', '8');
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/once is created|once is configured/),
    });
  });

  it('says at once that a container cannot be started', async () => {
    const unable = { ...steady, command: ['/no/such/program'] };
    await expect(upWith({ steady, unable }, '--timeout', '110')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/podman-compose ended with|unable [^]*exit code/),
    });
  });
});
