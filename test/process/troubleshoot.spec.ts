import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/planted-tree.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { aBakingDeployment, ADMIN_TOKEN, GOOD } from '../support/baking-deployment.js';
import { paste, stepsOf } from '../support/pasted-page.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const OPS_TOKEN = 'a-token-for-operations-of-this-test';

const plimsollYml = (url: string) => `service: checkout
image: registry.example.com/acme/checkout
proxy: { site: checkout.example.com }
environments:
  production:
    hosts: [{ name: a, url: "${url}", podman: "unix:///nowhere/podman.sock" }]
`;

/** Each command on the page that needs neither the stack nor the Podman of a host; those in its tables too. */
const commandsIn = (page: string) =>
  [...page.matchAll(/`(plimsoll (?!deploy|logs)[^`]* [^`]*)`/g)].map(([, command = '']) => command);

const questionsIn = (page: string) =>
  [...page.matchAll(/ops\/scripts\/ask app-1 ([A-Z]+) (\/[\w/]+)/g)].map(([, method = '', path = '']) => ({
    method,
    path,
  }));

const hasJq = spawnSync('jq', ['--version']).status === 0;
// A block of the page needs it. Where jq is missing the rest is tested, but CI has it.
const describeWithJq = hasJq || process.env['CI'] === 'true' ? describe : describe.skip;

describeWithJq('docs/how-to/troubleshoot.md', () => {
  let page: string;
  let database: TestDatabase;
  let program: Program;
  let host: FakeHost;
  let folder: string;

  /** In the slot of the page, while a gate bakes there. */
  beforeAll(async () => {
    page = await readFile(join(root, 'docs/how-to/troubleshoot.md'), 'utf8');
    database = await createTestDatabase();
    const operations = { OPS_TOKEN, OPS_MAX_ACCESS: 'write' };
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN, ...operations });
    await program.untilReady();
    host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': {} });
    await aBakingDeployment(program, host, 600, 1, 'production');
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-troubleshoot-'));
    await writeFile(join(folder, 'plimsoll.yml'), plimsollYml(host.url));
    const command = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/cli/main.js')}' "$@"\n`;
    await writeFile(join(folder, 'plimsoll'), command);
    await chmod(join(folder, 'plimsoll'), 0o755);
  });

  afterAll(async () => {
    await program.kill();
    await host.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** What the page asks its reader to have. */
  const known = () => ({
    PATH: `${folder}:${process.env['PATH']}`,
    PLIMSOLL_URL: program.url,
    PLIMSOLL_TOKEN: ADMIN_TOKEN,
    API: program.url,
    TOKEN: ADMIN_TOKEN,
    ADMIN_TOKEN,
    SLOT: '/v1/services/checkout/environments/production',
  });

  it('has blocks that work when they are pasted', async () => {
    const steps = stepsOf(page);
    const [state = '', dryRun = '', token = '', sinks = ''] = await paste(steps, folder, known());
    expect(steps).toHaveLength(4);
    expect(state).toMatch(/✓ token: .*lock: held by .*verifying/s);
    expect(JSON.parse(dryRun)).toMatchObject({ check: 'ready', host: 'a', outcome: 'pass' });
    expect(JSON.parse(token)).toMatchObject({ role: 'admin' });
    expect(JSON.parse(sinks)).toMatchObject({ items: [] });
  });

  it('names commands in its tables that work as they stand', async () => {
    const commands = commandsIn(page);
    expect(commands.length).toBeGreaterThan(5);
    // The verdict is pending here, which ends with 124.
    const steps = commands.map((command) => ({ commands: `${command} || [ $? -eq 124 ]\n`, answer: null }));
    await paste(steps, folder, known());
  });

  it('asks the operations port for what it has, and says how an instance that was taken out comes back', async () => {
    const headers = { authorization: `Bearer ${OPS_TOKEN}` };
    const ask = (method: string, path: string) => fetch(program.opsUrl + path, { method, headers });
    await ask('POST', '/drain');
    expect(await (await ask('GET', '/readyz')).json()).toMatchObject({ status: 'unready', reasons: ['maintenance'] });
    const questions = questionsIn(page);
    expect(questions.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/readyz', '/drain', '/info', '/health']),
    );
    for (const { method, path } of questions) {
      const { status } = await ask(method, path);
      // Of what is taken out, /readyz answers 503.
      expect({ method, path, isAnswered: [200, 202, 503].includes(status) }).toMatchObject({ isAnswered: true });
    }
    expect((await ask('GET', '/readyz')).status).toBe(200);
  });
});
