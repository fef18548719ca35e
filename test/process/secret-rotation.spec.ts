import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { OwnRedis } from '../support/a-redis.js';
import { FakeUnleash } from '../support/an-unleash.js';
import { eventually } from '../support/eventually.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { type Program, startProgram, until } from '../support/program.js';

const TOKEN = `plm_${'rotation'.repeat(6)}`;
const ADOPTED = 'New connections use the new DATABASE_URL';
const NOT_YET = /The new DATABASE_URL does not work yet \(28P01\)/;

let postgres: OwnPostgres;
let superuser: Client;
let folder: string;
let program: Program;

beforeAll(async () => {
  postgres = await OwnPostgres.start();
  superuser = new Client(postgres.url);
  await superuser.connect();
  await superuser.query('CREATE ROLE app LOGIN');
  await superuser.query('GRANT ALL ON ALL TABLES IN SCHEMA public TO app; GRANT USAGE ON SCHEMA public TO app');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-rotation-'));
  await setPassword('canary-first');
});
afterEach(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});
afterAll(async () => {
  await superuser.end();
  await postgres.remove();
});

/** The one before is worth nothing from then on. */
async function setPassword(password: string): Promise<void> {
  await superuser.query(`ALTER ROLE app PASSWORD '${password}'`);
}

function urlWith(password: string): string {
  const url = new URL(postgres.url);
  [url.username, url.password] = ['app', password];
  return url.href;
}

/** As secrets are mounted: another file takes the place of the one before. */
async function put(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

async function sessions(): Promise<number[]> {
  const { rows } = await superuser.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE usename = 'app'");
  return rows.map(({ pid }) => pid);
}

/** Reads and writes all the time; the function it returns ends that, and tells every status there was. */
function load(): () => Promise<Set<number>> {
  const statuses = new Set<number>();
  const end = new AbortController();
  const authorization = `Bearer ${TOKEN}`;
  const client = async (n: number) => {
    for (let turn = 0; !end.signal.aborted; turn += 1) {
      const isWrite = turn % 2 === 0;
      const response = await fetch(`${program.url}/v1/services${isWrite ? `/service-${n}` : ''}`, {
        method: isWrite ? 'PUT' : 'GET',
        headers: { authorization, ...(isWrite && { 'content-type': 'application/json' }) },
        ...(isWrite && { body: JSON.stringify({ description: String(turn) }) }),
      });
      await response.text();
      statuses.add(response.status);
    }
  };
  const clients = Promise.all(Array.from({ length: 6 }, (_, n) => client(n)));
  return async () => {
    end.abort();
    await clients;
    return statuses;
  };
}

const redis = await OwnRedis.start();
const withRedis = redis ? describe : describe.skip;

const said = (what: string | RegExp) => program.log.filter(({ msg }) => String(msg).match(what)).length;

describe('a password of the database that changes', () => {
  test.each([
    ['there first', true],
    ['in the file first', false],
  ])('%s fails no request, and is used by every connection in the end', async (_what, isThereFirst) => {
    const file = await put('database-url', urlWith('canary-first'));
    program = await startProgram({ DATABASE_URL_FILE: file, BOOTSTRAP_ADMIN_TOKEN: TOKEN });
    await program.untilReady();
    const finish = load();
    const before = await sessions();
    if (isThereFirst) await setPassword('canary-second');
    await put('database-url', urlWith('canary-second'));
    program.signal('SIGHUP');
    if (!isThereFirst) {
      await until('its refusal', async () => said(NOT_YET) || null);
      await setPassword('canary-second');
    }
    await eventually(() => expect(said(ADOPTED)).toBe(1));
    await eventually(async () => expect((await sessions()).filter((pid) => before.includes(pid))).toEqual([]));

    const statuses = [...(await finish())];
    expect([statuses.includes(200), statuses.filter((status) => status >= 300)]).toEqual([true, []]);
    await program.untilReady();
    expect(said(NOT_YET)).toBe(isThereFirst ? 0 : 1);
    expect(program.output + program.errors).not.toContain('canary');
  });
});

async function redisState(): Promise<string | undefined> {
  const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
  return /^redis_connection_state (.*)$/m.exec(text)?.[1];
}

/** Of the new URL: how often the log says that it does not work yet, and that it is used. */
const toldOfRedis = () => [said(/new REDIS_URL does not work yet \(WRONGPASS\)/), said('The new REDIS_URL is used')];

withRedis('a password of Redis that changes', () => {
  const admin = new Redis(redis!.url, { lazyConnect: true });
  const redisUrl = (password: string) => redis!.url.replace('//', `//app:${password}@`);
  const setRedisPassword = (password: string) =>
    admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', `>${password}`, '+@all', '~*', '&*');
  const connections = async () => {
    const list = String(await admin.call('CLIENT', 'LIST'))
      .split('\n')
      .filter((line) => line.includes('user=app'));
    return list.map((line) => /\bid=(\d+)/.exec(line)?.[1]);
  };

  beforeEach(async () => {
    await setRedisPassword('canary-first');
    const settings = {
      DATABASE_URL: urlWith('canary-first'),
      REDIS_URL_FILE: await put('redis-url', redisUrl('canary-first')),
    };
    program = await startProgram(settings);
    await program.untilReady();
    await until('its connection to Redis', async () => ((await redisState()) === '1' ? true : null));
  });
  afterAll(async () => {
    admin.disconnect();
    await redis!.goAway();
  });

  test('there first, with every connection lost, lets it connect again with that of the file', async () => {
    await setRedisPassword('canary-second');
    await admin.call('CLIENT', 'KILL', 'USER', 'app');
    await eventually(async () => expect(await redisState()).toBe('0'));
    await put('redis-url', redisUrl('canary-second'));

    await eventually(async () => expect(await redisState()).toBe('1'), 20_000);
    expect([await connections(), toldOfRedis()]).toEqual([[expect.any(String)], [0, 1]]);
    expect(program.output + program.errors).not.toContain('canary');
  });

  test('in the file first, leaves the connection of before in use until the new password counts', async () => {
    const before = await connections();
    await put('redis-url', redisUrl('canary-second'));
    program.signal('SIGHUP');
    await eventually(() => expect(toldOfRedis()).toEqual([1, 0]));
    expect([await connections(), await redisState()]).toEqual([expect.arrayContaining(before), '1']);
    await setRedisPassword('canary-second');

    await eventually(() => expect(toldOfRedis()).toEqual([1, 1]));
    await eventually(async () =>
      expect(await connections()).toEqual([expect.not.stringMatching(new RegExp(`^${before[0]}$`))]),
    );
    expect(await redisState()).toBe('1');
  });
});

describe('a token whose file changes', () => {
  test('counts without a signal, and the one before counts no more', async () => {
    const settings = {
      DATABASE_URL: urlWith('canary-first'),
      OPS_TOKEN_FILE: await put('ops-token', 'the-first-token'),
    };
    program = await startProgram(settings);
    await program.untilReady();
    const statusWith = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${program.opsUrl}/config`, { headers })).status;
    };
    expect(await statusWith('the-first-token')).toBe(200);
    await put('ops-token', 'the-second-token');

    await eventually(async () => expect(await statusWith('the-second-token')).toBe(200), 20_000);
    expect(await statusWith('the-first-token')).toBe(401);
  });

  test('lets flags be fetched again after Unleash has refused the one before', async () => {
    const unleash = await FakeUnleash.start();
    const file = await put('unleash-token', unleash.token);
    const settings = { UNLEASH_URL: unleash.url, UNLEASH_TOKEN_FILE: file, UNLEASH_REFRESH_MS: '1000' };
    program = await startProgram({ DATABASE_URL: urlWith('canary-first'), ...settings });
    await program.untilReady();
    await eventually(() => expect(unleash.answers).toContain(200));
    unleash.token = 'default:test.another-token';
    await eventually(() => expect(unleash.answers).toContain(401));
    await put('unleash-token', unleash.token);
    program.signal('SIGHUP');

    await eventually(() => expect(said('flags are fetched again')).toBe(1));
    await unleash.goAway();
  });
});
