import { jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { OwnHaproxy } from '../support/own-haproxy.js';
import { type Program, startProgram } from '../support/program.js';
import { RedisPair } from '../support/redis-pair.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

jest.setTimeout(180_000);

const pair = await RedisPair.start();
const haproxy =
  pair &&
  (await OwnHaproxy.before(
    'redis',
    pair.ports.map((port) => ({ port })),
  ));
const withBoth = haproxy ? describe : describe.skip;

afterAll(async () => {
  await haproxy?.remove();
  await pair?.remove();
});

withBoth('a failover of Redis by Sentinel, behind HAProxy', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
    const REDIS_URL = `redis://127.0.0.1:${haproxy!.port}`;
    program = await startProgram({ DATABASE_URL: database.url, REDIS_URL });
    await program.untilReady();
  });
  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  const isConnected = async () => {
    const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
    return /^redis_connection_state(?:\{[^}]*\})? 1$/m.test(text);
  };
  const readiness = async () => (await fetch(`${program.url}/readyz`)).status;

  it('takes no instance out, and all are connected to the new primary by themselves', async () => {
    await eventually(async () => expect(await isConnected()).toBe(true), 60_000);
    pair!.losePrimary();
    await eventually(async () => expect(await isConnected()).toBe(false), 60_000);
    expect(await readiness()).toBe(200);
    await eventually(async () => expect(await isConnected()).toBe(true), 60_000);
    const promoted = new Redis({ port: pair!.ports[1], host: '127.0.0.1' });
    try {
      expect(await promoted.info('replication')).toContain('role:master');
      expect(String(await promoted.client('LIST'))).toContain('name=plimsoll');
    } finally {
      promoted.disconnect();
    }
  });
});
