import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';
import { paste, stepsOf } from '../support/pasted-page.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
function lastAnswer(printed = ''): unknown {
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

describe('the commands of the documentation', () => {
  const adminToken = `plm_${randomBytes(32).toString('base64url')}`;
  let database: TestDatabase;
  let program: Program;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: adminToken });
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-pasted-'));
    await mkdir(join(folder, '.plimsoll'));
    await writeFile(join(folder, '.plimsoll', 'admin-token'), adminToken);
    await program.untilReady();
  }, 60_000);

  afterAll(async () => {
    await program.kill();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** What a page asks its reader to know. Those below the tutorial are taken to its slot. */
  const known = async () => ({
    API: program.url,
    GREETER_PORT: String(await freePort()),
    ADMIN_TOKEN: adminToken,
    TOKEN: adminToken,
    SERVICE: 'greeter',
    ENVIRONMENT: 'tutorial',
    SLOT: '/v1/services/greeter/environments/tutorial',
    DIGEST: `sha256:${'a'.repeat(64)}`,
  });

  it.each([
    'README.md',
    'docs/tutorial/first-deployment.md',
    'docs/how-to/write-a-gate.md',
    'docs/how-to/watch-what-hosts-run.md',
    'docs/how-to/receive-alerts.md',
  ])(
    'in %s work when pasted, and get the answers that it shows',
    async (document) => {
      const steps = stepsOf(await readFile(join(root, document), 'utf8'));
      const printed = await paste(steps, folder, await known());
      expect(steps).not.toHaveLength(0);
      const shown = steps.flatMap(({ answer }, index) => (answer ? [{ answer, got: lastAnswer(printed[index]) }] : []));
      for (const { answer, got } of shown) expect(got).toMatchObject(answer);
    },
    120_000,
  );
});
