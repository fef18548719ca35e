import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BLOCK_ENDS = '\u001e';

/** What is to be pasted, and the part of the answer that the document shows below it. */
interface Step {
  readonly commands: string;
  readonly answer: object | null;
}

/** The ```bash blocks of a document, each with the ```json block that follows it in its section. */
function stepsOf(document: string): Step[] {
  return document.split(/^## /m).flatMap((section) => {
    const blocks = [...section.matchAll(/^```(bash|json)\n(.*?)^```$/gms)].map(([, kind, text = '']) => ({
      kind,
      text,
    }));
    return blocks.flatMap(({ kind, text }, index) => {
      const next = blocks[index + 1];
      return kind === 'bash' ? [{ commands: text, answer: next?.kind === 'json' ? JSON.parse(next.text) : null }] : [];
    });
  });
}

/** Pastes all steps into one shell that stops at the first failure; what each of them printed. */
async function paste(steps: readonly Step[], folder: string, env: Record<string, string>): Promise<string[]> {
  const script = steps.map(({ commands }) => `${commands}printf '${BLOCK_ENDS}'\n`).join('');
  const shell = spawn('bash', ['-c', `set -eo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n${script}`], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  shell.stdout.on('data', (chunk) => (printed += chunk));
  shell.stderr.on('data', (chunk) => (complaints += chunk));
  const [code] = await once(shell, 'close');
  if (code !== 0) throw new Error(`A pasted command failed with exit code ${code}.\n${complaints}\n${printed}`);
  return printed.split(BLOCK_ENDS);
}

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
