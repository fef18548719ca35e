import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const page = new URL('../../docs/how-to/deploy-from-a-pipeline.md', import.meta.url);

interface Run {
  code: number | null;
  output: string;
}

interface Deployment {
  id: string;
  kind: string;
  state: string;
  externalId: string;
  retryOf: string | null;
}

const hasJq = spawnSync('jq', ['--version']).status === 0;
// As with Redis: where jq is missing the rest is tested, but CI has it.
const describeWithJq = hasJq || process.env['CI'] === 'true' ? describe : describe.skip;

describeWithJq('the script of docs/how-to/deploy-from-a-pipeline.md', () => {
  const token = `plm_${randomBytes(32).toString('base64url')}`;
  const slot = '/v1/services/checkout/environments/production';
  let database: TestDatabase;
  let program: Program;
  let script: string;

  async function send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(program.url + path, init);
    if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  const deployments = async () =>
    (await send<{ items: Deployment[] }>('GET', '/v1/deployments?service=checkout')).items.toReversed();

  /** `put` is what stands in the place of one's own commands. Nothing that it started outlives it. */
  async function run(name: string, put: string, release = 'a'): Promise<Run> {
    const own = script.replace(/^put_on_hosts\(\) \{.*?^\}/ms, `put_on_hosts() { ${put}; }`);
    const env = {
      PATH: process.env['PATH'],
      API: program.url,
      TOKEN: token,
      SERVICE: 'checkout',
      ENVIRONMENT: 'production',
      DIGEST: `sha256:${release.repeat(64)}`,
      VERSION: `1.0.0-${release}`,
      GIT_SHA: release.repeat(40),
      RUN: name,
    };
    const shell = spawn('bash', ['-c', own], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (text) => (output += text));
    const [code] = (await once(shell, 'exit')) as [number | null];
    // Long before a pause between two heartbeats would end by itself.
    await until('the end of all that it started', async () => (isGone(-Number(shell.pid)) ? true : null));
    return { code, output };
  }

  beforeAll(async () => {
    script = /```sh\n(#!.*?)```/s.exec(await readFile(page, 'utf8'))?.[1] ?? '';
    database = await createTestDatabase();
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: token });
    await program.untilReady();
    await send('PUT', '/v1/environments/production', { tier: 'production' });
    await send('PUT', '/v1/services/checkout', {});
    await send('PUT', `${slot}/gate`, { ungated: 'the gate is not what is tested' });
  }, 60_000);

  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  it('reports that the hosts could not be changed, and leaves nothing running', async () => {
    const failed = await run('run-1', 'echo "no such image" && false');

    expect(failed).toMatchObject({ code: 1 });
    expect(failed.output).toContain('verdict: none');
    expect(await deployments()).toMatchObject([{ externalId: 'run-1', state: 'failed' }]);
  });

  it('makes a new deployment when a run that failed is tried again', async () => {
    const again = await run('run-1', 'echo "there it is"');

    expect(again).toMatchObject({ code: 0 });
    expect(again.output).toContain('verdict: promote');
    const [first, second] = await deployments();
    expect(second).toMatchObject({ externalId: 'run-1-2', state: 'promoted', retryOf: first?.id });
  });

  it('continues what the run began when it is tried once more', async () => {
    expect(await run('run-1', 'echo "once is enough" && false')).toMatchObject({ code: 0 });
    expect(await deployments()).toHaveLength(2);
  });

  it('goes back where the gate has rejected the release, also when nobody knows what runs', async () => {
    await send('PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url: program.opsUrl }] });
    await send('PUT', `${slot}/gate`, {
      identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 1, withinSeconds: 1 },
      checks: [
        { name: 'ready', type: 'http', url: '{host.url}/readyz', expect: [{ field: 'status', op: 'eq', value: 200 }] },
      ],
    });
    const rejected = await run('run-2', 'true', 'b');

    expect(rejected).toMatchObject({ code: 1 });
    expect(rejected.output).toMatch(
      /verdict: rollback\n {2}wrong-version: .*\ngoing back to 1\.0\.0-a\nverdict of the rollback: /,
    );
    expect((await deployments()).at(-1)).toMatchObject({ kind: 'rollback' });
  });
});

/** Whether no process is left in a group. */
function isGone(group: number): boolean {
  try {
    process.kill(group, 0);
    return false;
  } catch {
    return true;
  }
}
