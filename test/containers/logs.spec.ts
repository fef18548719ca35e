import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Api, eventually } from './api.js';
import { containerOf, podman, project, run } from './stack.mjs';

interface Shown {
  time: string;
  service: string;
  instance: string;
  level: string;
  msg: string;
  fields?: Record<string, unknown>;
}

const script = 'ops/scripts/logs.mjs';
const linesOf = (output: string) => output.split('\n').filter(Boolean);
const parsed = (output: string) => linesOf(output).map((line) => JSON.parse(line) as Shown);

async function past(...options: string[]): Promise<Shown[]> {
  return parsed(await run('node', [script, '--no-follow', '--project', project, ...options]));
}

describe('npm run logs on the stack', () => {
  it('shows what every service said, oldest first, whether it is JSON or not', async () => {
    const lines = await past();
    const services = new Set(lines.map(({ service }) => service));
    for (const service of ['proxy', 'app-1', 'app-2', 'postgres', 'redis', 'prometheus']) {
      expect(services).toContain(service);
    }
    const times = lines.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
  });

  it('finds one request by its id, and says which instance served it', async () => {
    const api = await Api.connect();
    const id = randomUUID();
    await api.send('GET', '/v1/services/nobody', undefined, { 'x-request-id': id });
    api.close();
    const ofRequest = async () => past('--request', id, '--since', '1m');
    const [line] = await eventually(ofRequest, ({ length }) => length > 0, 10_000);
    expect(line?.fields).toMatchObject({ requestId: id, path: '/v1/services/nobody', status: 404 });
    expect(line?.instance).toBe(containerOf(line?.service ?? ''));
  });

  it('refuses a level that there is not', async () => {
    await expect(past('--level', 'loud')).rejects.toMatchObject({ code: 64, stderr: expect.stringContaining('warn') });
  });
});

describe('npm run logs while containers come and go', () => {
  const ownProject = `plimsoll-logs-${process.pid}`;
  const nameOf = (service: string) => `${ownProject}_${service}_1`;
  let following: ChildProcess;
  let output = '';
  let complaints = '';

  async function start(service: string, program: string): Promise<void> {
    const image = await podman('inspect', '--format', '{{.ImageName}}', containerOf('app-1'));
    const labels = [`io.podman.compose.project=${ownProject}`, `com.docker.compose.service=${service}`];
    const options = ['--detach', '--log-driver', 'k8s-file', '--name', nameOf(service)];
    await podman('run', ...options, ...labels.flatMap((label) => ['--label', label]), image, '-e', program);
  }

  const saidBy = (service: string) => parsed(output).filter((line) => line.service === service);
  const shows = (service: string, wanted: number) =>
    eventually(
      async () => saidBy(service).length,
      (count) => count >= wanted,
      30_000,
    );

  const counting =
    "const run = Date.now(); let n = 0; process.on('SIGTERM', () => process.exit()); setInterval(() => console.log(run, n++), 50)";

  beforeAll(async () => {
    await start('counter', counting);
    // As a terminal does it, Ctrl-C goes to all processes of a group.
    following = spawn('node', [script, '--project', ownProject], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    following.stdout?.on('data', (chunk) => (output += chunk));
    following.stderr?.on('data', (chunk) => (complaints += chunk));
  });

  afterAll(async () => {
    following.kill('SIGKILL');
    await podman('rm', '--force', '--time', '0', '--ignore', nameOf('counter'), nameOf('newcomer'), nameOf('large'));
  });

  it('goes on with a service that restarts, and shows each line once', async () => {
    await shows('counter', 5);
    await podman('restart', nameOf('counter'));
    await shows('counter', saidBy('counter').length + 30);
    await podman('stop', nameOf('counter'));
    const said = linesOf(await podman('logs', nameOf('counter')));
    await shows('counter', said.length);
    expect(saidBy('counter').map(({ msg }) => msg)).toEqual(said);
  });

  it('shows a service that was added, to its end', async () => {
    await start('newcomer', 'console.log(JSON.stringify({ level: "warn", msg: "here", requestId: "r-1" }))');
    await shows('newcomer', 1);
    const labels = { service: 'newcomer', instance: nameOf('newcomer') };
    expect(saidBy('newcomer')).toMatchObject([{ ...labels, level: 'warn', msg: 'here', fields: { requestId: 'r-1' } }]);
  });

  it('mends a line that Podman read in pieces', async () => {
    await start('large', 'console.log(JSON.stringify({ level: "error", msg: "x".repeat(50_000) }))');
    await shows('large', 1);
    expect(saidBy('large')).toMatchObject([{ level: 'error', msg: 'x'.repeat(50_000) }]);
  });

  it('ends without a word at Ctrl-C', async () => {
    const ended = once(following, 'exit');
    process.kill(-(following.pid ?? 0), 'SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(complaints).toBe('');
  });
});
