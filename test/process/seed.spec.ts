import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../architecture/planted-tree.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

interface Demonstration {
  good: { digest: string; version: string; gitSha: string; builtAt: string; commits: object[] };
  service: string;
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops/demo', name)) as Promise<Demonstration>;

describe('npm run seed', () => {
  const token = `plm_${randomBytes(32).toString('base64url')}`;
  let database: TestDatabase;
  let program: Program;

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(program.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(await answer.text());
    return await answer.json();
  }

  async function seed(url: string): Promise<{ code: number | null; output: string }> {
    const env = { PATH: process.env['PATH'], PLIMSOLL_URL: url, PLIMSOLL_TOKEN: token };
    const child = spawn(process.execPath, [join(root, 'ops/scripts/seed.mjs')], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: token });
    await program.untilReady();
  }, 60_000);

  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  it('goes well beside the demonstration of npm start, and changes nothing the second time', async () => {
    const [{ good }, { service }] = [await load('images.ts'), await load('plimsoll.ts')];
    const { digest, version, gitSha, builtAt, commits } = good;
    await send('PUT', `/v1/services/${service}`, {});
    await send('PUT', `/v1/services/${service}/releases/${digest}`, { version, gitSha, builtAt, commits });

    expect(await seed(program.url)).toEqual({ code: 0, output: expect.stringContaining('Seeded 3 services') });
    const seeded = await send('GET', '/v1/deployments?limit=200');
    expect(await seed(program.url)).toMatchObject({ code: 0 });
    expect(await send('GET', '/v1/deployments?limit=200')).toEqual(seeded);
  });

  it('says in plain words that nothing answers', async () => {
    const { code, output } = await seed('http://127.0.0.1:1');

    expect({ code, output: output.trim() }).toEqual({
      code: 1,
      output: expect.stringMatching(/^✗ Plimsoll at http:\/\/127\.0\.0\.1:1 does not answer\. Run npm start .*$/),
    });
  });
});
