import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { FakeUnleash } from '../support/an-unleash.js';
import { Canaries } from '../support/canaries.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const migrate = fileURLToPath(new URL('../../dist/migrate.js', import.meta.url));
const nowhere = '127.0.0.1:1';
const servers: Server[] = [];

async function serving<Listening extends Server>(server: Listening): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Refuses whatever it is sent, and repeats it: no server does worse. */
const refusing = (answer: (sent: Buffer) => Uint8Array | string) =>
  createServer((socket: Socket) => {
    socket.on('error', () => undefined).on('data', (sent: Buffer) => socket.write(answer(sent)));
  });

const redisThatRefuses = () =>
  refusing((sent) =>
    `-WRONGPASS ${JSON.stringify(String(sent))}\r\n`.repeat(String(sent).match(/^\*\d/gm)?.length ?? 1),
  );

/** Asks for the password in plain text, and says which one was wrong. */
const postgresThatRefuses = () =>
  refusing((sent) => {
    if (sent[0] !== 'p'.charCodeAt(0)) return Buffer.from('R\0\0\0\x08\0\0\0\x03');
    const fields = Buffer.from(`SFATAL\0C28P01\0Mthe password ${String(sent.subarray(5, -1))} is wrong\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(fields.length + 4, 1);
    return Buffer.concat([head, fields]);
  });

async function asked(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  return JSON.stringify([...response.headers]) + (await response.text());
}

describe('canaries in every secret setting', () => {
  let database: TestDatabase;
  /** As whom the program comes to the database, with whatever password a test has planted. */
  let databaseUrl: URL;
  let unleash: FakeUnleash;
  let folder: string;
  let program: Program;
  const envelopes: string[] = [];
  let sentry: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    databaseUrl = new URL(database.url);
    databaseUrl.username = `plimsoll_canary_${randomBytes(6).toString('hex')}`;
    await database.query(`CREATE ROLE ${databaseUrl.username} SUPERUSER LOGIN`);
    unleash = await FakeUnleash.start();
    // The key in a header is what a client of Sentry proves itself with.
    const receiver = createHttpServer(async (request, response) => {
      envelopes.push(`${request.url}\n${await text(request)}`);
      response.end('{}');
    });
    sentry = `http://${await serving(receiver)}/42`;
  });
  beforeEach(async () => {
    envelopes.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-canaries-'));
  });
  afterEach(async () => {
    await program.kill();
    await rm(folder, { recursive: true });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await unleash.goAway();
    await database.query(`DROP ROLE ${databaseUrl.username}`);
    await database.drop();
  });

  const settings = {
    APP_ENV: 'production',
    SHUTDOWN_DELAY_MS: '0',
    OPS_MAX_ACCESS: 'write',
    UNLEASH_REFRESH_MS: '1000',
    PROMETHEUS_URL: `http://${nowhere}`,
  };

  async function inFiles(secrets: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const paths = Object.entries(secrets).map(async ([variable, value]) => {
      const path = join(folder, variable.toLowerCase());
      await writeFile(path, `${value}\n`);
      return [`${variable}_FILE`, path] as const;
    });
    return Object.fromEntries(await Promise.all(paths));
  }

  /** What everybody and what somebody with the token can read, on both ports. */
  async function everyAnswer({
    OPS_TOKEN,
    BOOTSTRAP_ADMIN_TOKEN,
  }: Canaries['settings']): Promise<Record<string, string>> {
    const headers = { authorization: `Bearer ${OPS_TOKEN}` };
    const { operations } = (await (await fetch(`${program.opsUrl}/mappings`, { headers })).json()) as {
      operations: Array<{ method: string; path: string }>;
    };
    const paths = operations.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/{.*}/, 'root'));
    const places: Record<string, string> = {};
    for (const path of paths) {
      places[`${path} without a token`] = await asked(program.opsUrl + path);
      places[path] = await asked(program.opsUrl + path, { headers });
    }
    places['an error of operations'] = await asked(`${program.opsUrl}/runtime-config`, { method: 'PATCH', headers });
    for (const path of ['/openapi.json', '/v1/services', '/v1/nowhere', '/readyz']) {
      // The wrong token of the two, and the right one.
      places[`${path} with the token of operations`] = await asked(program.url + path, { headers });
      const admin = { authorization: `Bearer ${BOOTSTRAP_ADMIN_TOKEN}` };
      places[`${path} as the first admin`] = await asked(program.url + path, { headers: admin });
    }
    return places;
  }

  async function report({ OPS_TOKEN }: Canaries['settings']): Promise<string> {
    const headers = { authorization: `Bearer ${OPS_TOKEN}` };
    const response = await fetch(`${program.opsUrl}/diagnostics/report`, { method: 'POST', headers });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as { id: string };
    await until('the report', async () => program.log.find((line) => line['id'] === id) ?? null);
    const name = (await readdir(folder)).find((file) => file.startsWith('report'));
    return readFile(join(folder, name!), 'utf8');
  }

  test.each([
    ['the environment', async (secrets: Canaries['settings']) => secrets],
    ['files', inFiles],
  ])(
    'from %s are seen nowhere, whatever goes wrong, up to the last words to the error tracker',
    async (_from, given) => {
      const redis = `redis://${await serving(redisThatRefuses())}`;
      const canaries = new Canaries({ database: databaseUrl.href, redis, sentry });
      const password = decodeURIComponent(new URL(canaries.settings['DATABASE_URL']!).password);
      await database.query(`ALTER ROLE ${databaseUrl.username} PASSWORD '${password}'`);
      program = await startProgram(
        { ...settings, ...(await given(canaries.settings)), UNLEASH_URL: unleash.url, DIAGNOSTICS_DIR: folder },
        { canBeEntered: true },
      );
      await program.untilReady();
      const headers = { authorization: `Bearer ${canaries.settings['OPS_TOKEN']}`, 'content-type': 'application/json' };
      const trace = { method: 'PUT', headers, body: '{"level":"trace"}' };
      expect((await fetch(`${program.opsUrl}/loggers/root`, trace)).status).toBe(200);
      await until('a refusal by Unleash', async () => (unleash.answers.includes(401) ? true : null));
      const places = { ...(await everyAnswer(canaries.settings)), report: await report(canaries.settings) };
      // Named by what was thrown, as a careless library would.
      const said = JSON.stringify(`no luck with ${Object.values(canaries.settings).join(' and ')}`);
      await program.enter(`const error = new Error(${said}); error.cause = new Error(${said}); throw error;`);

      expect(await program.exit()).toBe(70);
      expect(envelopes.join('\n')).toContain('no luck with [redacted]');
      expect(program.output).toContain('no luck with [redacted]');
      const all = { ...places, output: program.output, errors: program.errors, envelopes: envelopes.join('\n') };
      expect(canaries.foundIn(all)).toEqual([]);
    },
  );

  test('are not told by a database that refuses the password and repeats it', async () => {
    const refusal = `postgres://plimsoll@${await serving(postgresThatRefuses())}/plimsoll`;
    const canaries = new Canaries({ database: refusal, redis: `redis://${nowhere}`, sentry });
    program = await startProgram({ ...settings, ...canaries.settings, UNLEASH_URL: `http://${nowhere}/api` });
    await until('the outage in the log', async () => program.log.find(({ msg }) => msg === 'database is down') ?? null);
    const places = await everyAnswer(canaries.settings);
    const child = spawn(process.execPath, [migrate, 'status'], {
      env: { PATH: process.env['PATH'], ...settings, ...canaries.settings },
    });
    const [migrations, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    expect(migrations + complaints).toContain('password');
    const all = { ...places, output: program.output, errors: program.errors, migrations, complaints };
    expect(canaries.foundIn({ ...all, envelopes: envelopes.join('\n') })).toEqual([]);
  });

  test('are not told when the settings are wrong', async () => {
    const canaries = new Canaries({ database: 'postgres://db', redis: 'redis://cache', sentry });
    const secrets = Object.entries(canaries.settings);
    const wrong = secrets.map(([variable, value]) => [variable, `wrong-${value}`]);
    const asPaths = secrets.map(([variable, value]) => [`${variable}_FILE`, value]);
    const misspelt = secrets.map(([variable, value]) => [`PLIMSOLL_${variable}`, value]);
    program = await startProgram({ ...settings, ...Object.fromEntries([...wrong, ...asPaths, ...misspelt]) });

    expect(await program.exit()).toBe(78);
    expect(canaries.foundIn({ output: program.output, errors: program.errors })).toEqual([]);
  });
});
