import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FakeHost, aHost } from '../support/a-host.js';
import { aBakingDeployment, ADMIN_TOKEN, ask, GOOD, measurementsOf } from '../support/baking-deployment.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const starvedProbe = fileURLToPath(new URL('../support/starved-probe.mjs', import.meta.url));
/** So long may a probe take: a host on a busy machine is not always quicker than in a second. */
const PROBE_SECONDS = 2;
/** Longer than a probe may take, shorter than a lease. */
const SUSPENDED_MS = 3000;
const SUSPENSIONS = 3;

let host: FakeHost;
let database: TestDatabase;
let program: Program;

beforeEach(async () => {
  host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
});
afterEach(() => host.close());

describe('a service is not accused', () => {
  it('by a process that has no file descriptor left', async () => {
    const command = 'ulimit -n 64; exec "$0" "$1" "$2"';
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      command,
      process.execPath,
      starvedProbe,
      `${host.url}/readyz`,
    ]);
    expect(JSON.parse(stdout)).toEqual(['status 200', expect.stringMatching(/^ProbeError: .* EMFILE/)]);
  });

  describe('by a process', () => {
    beforeEach(async () => {
      database = await createTestDatabase();
      program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN });
      await program.untilReady();
    });
    afterEach(async () => {
      await program.kill();
      await database.drop();
    });

    it('that was suspended in the middle of its probes', async () => {
      const id = await aBakingDeployment(program, host, 15, PROBE_SECONDS);
      let suspensions = 0;
      host.answer('/readyz', () => {
        suspensions += 1;
        if (suspensions > SUSPENSIONS) return {};
        program.signal('SIGSTOP');
        setTimeout(() => program.signal('SIGCONT'), SUSPENDED_MS);
        return { delayMs: 50 };
      });
      // Who asks while it stands still may be told that the database is away, and asks again.
      const { verdict } = await until('a verdict', async () => {
        const told = await ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=10`).catch(() => null);
        return told === null || told.verdict === 'pending' ? null : told;
      });
      const failed = (await measurementsOf(program, id)).filter(({ outcome }) => outcome === 'fail');
      expect({ failed, verdict, isDone: suspensions > SUSPENSIONS }).toEqual({
        failed: [],
        verdict: 'promote',
        isDone: true,
      });
    });
  });
});
