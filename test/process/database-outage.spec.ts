import { type FakeHost, aHost } from '../support/a-host.js';
import {
  aBakingDeployment,
  ADMIN_TOKEN,
  ask,
  expectGapless,
  GOOD,
  measurementsOf,
} from '../support/baking-deployment.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { type Program, startProgram, until } from '../support/program.js';

const BAKE_SECONDS = 5;

let postgres: OwnPostgres;
let proxy: DatabaseProxy;
let host: FakeHost;
let program: Program;

beforeAll(async () => {
  postgres = await OwnPostgres.start();
  proxy = await DatabaseProxy.before(postgres.url);
  host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
});
beforeEach(async () => {
  program = await startProgram({ DATABASE_URL: proxy.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN });
  await program.untilReady();
});
afterEach(() => program.kill());
afterAll(async () => {
  await host.close();
  await proxy.cut();
  await postgres.remove();
});

interface Readiness {
  readonly status: string;
  readonly reasons: readonly string[];
}

/** The schema is read from the same database, and either may be missed first. */
function untilItIsMissed(): Promise<Readiness> {
  return until('a database that is missed', async () => {
    const report = (await (await fetch(`${program.opsUrl}/readyz`)).json()) as Readiness;
    return report.reasons.includes('database') ? report : null;
  });
}

const statusOf = async (url: string) => (await fetch(url)).status;
const levelsOf = (msg: string) => program.log.filter((line) => line['msg'] === msg).map(({ level }) => level);

describe('a service whose database', () => {
  test.each<[string, () => unknown, () => unknown]>([
    ['is stopped', () => postgres.goAway(), () => postgres.comeBack()],
    ['dies', () => postgres.die(), () => postgres.comeBack()],
    ['hangs', () => postgres.fallSilent(), () => postgres.wakeUp()],
    ['is behind a network that drops everything', () => proxy.silence(), () => proxy.restore()],
  ])(
    '%s is unready without it and ready with it, is not restarted, and loses no gate',
    async (_what, takeAway, giveBack) => {
      const id = await aBakingDeployment(program, host, BAKE_SECONDS);
      await takeAway();
      const unready = await untilItIsMissed();
      expect(unready.status).toBe('unready');
      expect(await statusOf(`${program.opsUrl}/livez`)).toBe(200);
      expect(await statusOf(`${program.url}/livez`)).toBe(200);
      expect(await statusOf(`${program.opsUrl}/startupz`)).toBe(200);

      await giveBack();
      await program.untilReady();
      // The first `up` is of the start.
      await eventually(() => expect(levelsOf('database is up')).toEqual(['info', 'info']));
      expect(levelsOf('database is down')).toEqual(['error']);
      const verdict = await ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
      expect(verdict).toMatchObject({ verdict: 'promote', reasons: [{ code: 'all-checks-passed' }] });
      const measurements = await measurementsOf(program, id);
      expectGapless(measurements);
      expect(['pass', 'missed']).toEqual(
        expect.arrayContaining([...new Set(measurements.map(({ outcome }) => outcome))]),
      );

      program.signal('SIGTERM');
      expect(await program.exit()).toBe(0);
    },
    90_000,
  );
});
