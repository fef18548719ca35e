import { jest } from '@jest/globals';
import { type FakeHost, aHost } from '../support/a-host.js';
import { APatroni } from '../support/a-patroni.js';
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
import { digestOf } from '../support/fixtures.js';
import { OwnHaproxy } from '../support/own-haproxy.js';
import { PostgresPair } from '../support/postgres-pair.js';
import { type Program, startProgram } from '../support/program.js';

/** Long enough for a failover on a slow machine to lie in it. */
const BAKE_SECONDS = 60;
const WRITERS = 4;

jest.setTimeout(400_000);

let pair: PostgresPair;
let patronis: APatroni[];
/** Its address follows the primary. */
let haproxy: OwnHaproxy | null;
/** Takes its place where there is none. */
let proxy: DatabaseProxy;
let host: FakeHost;
let programs: Program[] = [];

beforeAll(async () => {
  pair = await PostgresPair.start();
  const urls = [pair.primaryUrl, pair.standbyUrl];
  patronis = await Promise.all(urls.map((url) => APatroni.beside(url)));
  const servers = urls.map((url, at) => ({ port: Number(new URL(url).port), checkPort: patronis[at]!.port }));
  haproxy = await OwnHaproxy.before('postgres', servers);
  proxy = await DatabaseProxy.before(pair.primaryUrl);
  host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
  programs = await Promise.all([aProgram(), aProgram()]);
});
afterAll(async () => {
  await Promise.all(programs.map((program) => program.kill()));
  await host.close();
  await haproxy?.remove();
  await Promise.all(patronis.map((patroni) => patroni.remove()));
  await proxy.cut();
  await pair.remove();
});

async function aProgram(): Promise<Program> {
  const url = new URL(proxy.url);
  if (haproxy) url.port = String(haproxy.port);
  const program = await startProgram({ DATABASE_URL: url.href, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN });
  await program.untilReady();
  return program;
}

/** Puts releases, one after the other, to both instances in turn, until it is told to end. */
class Writers {
  readonly acknowledged: string[] = [];
  refused = 0;
  #isOver = false;
  readonly #work = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer));

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#work);
  }

  async #write(writer: number): Promise<void> {
    for (let n = 0; !this.#isOver; n += 1) {
      const version = `${writer}.${n}`;
      const digest = digestOf(version);
      const body = { version, gitSha: 'b'.repeat(40) };
      const put = ask(programs[n % 2]!, 'PUT', `/v1/services/checkout/releases/${digest}`, body);
      await put.then(
        () => this.acknowledged.push(digest),
        () => (this.refused += 1),
      );
    }
  }
}

describe('a failover of PostgreSQL to a synchronous standby, under load', () => {
  it('loses no acknowledged write and no gate', async () => {
    const id = await aBakingDeployment(programs[0]!, host, BAKE_SECONDS);
    const writers = new Writers();
    await eventually(() => expect(writers.acknowledged.length).toBeGreaterThan(50), 60_000);
    pair.losePrimary();
    await eventually(() => expect(writers.refused).toBeGreaterThan(0), 60_000);
    const before = writers.acknowledged.length;
    await pair.promote();
    proxy.pointTo(pair.standbyUrl);
    await Promise.all(programs.map((program) => program.untilReady()));
    await eventually(() => expect(writers.acknowledged.length).toBeGreaterThan(before + 50), 60_000);
    await writers.end();
    // Asked of the database: the server may have a release in its cache.
    const stored = new Set(await pair.digestsOnStandby());
    expect(writers.acknowledged.filter((digest) => !stored.has(digest))).toEqual([]);
    const verdict = await eventually(async () => {
      const found = await ask(programs[1]!, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
      expect(found.verdict).not.toBe('pending');
      return found;
    }, 200_000);
    expect(verdict).toMatchObject({ verdict: 'promote', state: 'promoted' });
    expectGapless(await measurementsOf(programs[1]!, id));
  });
});
