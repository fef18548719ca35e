import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { aHost } from '../support/a-host.js';
import { aBakingDeployment, ADMIN_TOKEN, ask, GOOD } from '../support/baking-deployment.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const operations = fileURLToPath(new URL('../../dist/operations', import.meta.url));

/** Logs 10,000 lines in one turn, and ends as the service does. */
const hastyProgram = `
  const { loadSettings } = await import('${operations}/config/load-settings.js');
  const { standardOutput } = await import('${operations}/logging/log-destination.js');
  const { ServiceLog } = await import('${operations}/logging/service-log.js');
  const log = new ServiceLog(loadSettings({ APP_ENV: 'test', DATABASE_URL: 'postgres://db/p', LOG_LEVEL: 'info' }), standardOutput());
  for (let n = 0; n < 10_000; n++) log.logger.info({ n, padding: 'x'.repeat(200) }, 'one of many');
  await log.destination.flush(2000);
  process.exit(0);
`;

describe('the log of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => program.kill());
  afterAll(() => database.drop());

  test('has one line a request, with the id that the client gets and may give', async () => {
    program = await startProgram({ DATABASE_URL: database.url });
    await program.untilReady();
    const response = await fetch(`${program.url}/v1/services?token=canary`, { headers: { 'x-request-id': 'run-77' } });
    const line = await until('the request line', async () => program.log.find(({ msg }) => msg === 'request') ?? null);

    expect(response.headers.get('x-request-id')).toBe('run-77');
    expect(line).toMatchObject({
      level: 'info',
      context: 'Request',
      requestId: 'run-77',
      method: 'GET',
      path: '/v1/services',
      route: '/v1/services',
      status: 401,
    });
    expect(program.output).not.toContain('canary');
  });

  test('has one line a change of a deployment, with its id', async () => {
    const host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN });
    await program.untilReady();
    const id = await aBakingDeployment(program, host, 1);
    await ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=30`);
    const lines = () => program.log.filter(({ deploymentId }) => deploymentId === id);
    await until('the last change', async () => lines().find(({ msg }) => msg === 'deployment promoted') ?? null);
    await host.close();

    expect(lines().map(({ msg }) => msg)).toEqual([
      'deployment in_progress',
      'deployment verifying',
      'deployment promoted',
    ]);
    expect(lines()[0]).toMatchObject({ level: 'info', kind: 'deploy', event: 'create', requestId: expect.any(String) });
  });

  test('has no lines of probes', async () => {
    program = await startProgram({ DATABASE_URL: database.url });
    await program.untilReady();
    await fetch(`${program.url}/livez`);
    await fetch(`${program.url}/v1/services`);
    await until('the request line', async () => program.log.find(({ msg }) => msg === 'request') ?? null);

    expect(program.log.filter(({ msg }) => msg === 'request')).toHaveLength(1);
  });

  test('is for people with LOG_FORMAT=pretty', async () => {
    program = await startProgram({ DATABASE_URL: database.url, LOG_FORMAT: 'pretty' });
    await program.untilReady();

    await until('a line for people', async () => program.output.match(/INFO.*listening/));
    expect(() => program.log).toThrow(SyntaxError);
  });

  test('loses none of 10,000 lines at exit while somebody reads', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', hastyProgram], {
      stdio: ['ignore', 'pipe', 2],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    const lines = output.split('\n').slice(0, -1);

    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
      Array.from({ length: 10_000 }, (_, n) => n),
    );
  });

  test('lets the process end when nobody reads', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', hastyProgram], {
      stdio: ['ignore', 'pipe', 2],
    });

    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('does not stop the service when nobody reads it', async () => {
    program = await startProgram({ DATABASE_URL: database.url });
    program.child.stdout?.pause();
    await program.untilReady();
    // More than a pipe holds.
    for (let count = 0; count < 500; count++) await (await fetch(`${program.url}/v1/services`)).text();

    await program.untilReady();
    program.signal('SIGTERM');
    expect((await once(program.child, 'exit'))[0]).toBe(0);
  });
});
