import assert from 'node:assert/strict';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Requires } from '../../src/platform/auth/requires.js';
import { Database } from '../../src/platform/database/database.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** What the transaction does between its two statements. */
const between = { statements: async (_tx: EntityManager): Promise<void> => undefined };

@Controller('v1/pumps')
class PumpsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  @Requires('viewer')
  read(): Promise<object[]> {
    return this.database.read((handle) => handle.query('SELECT 1 AS n'));
  }

  @Get('hot')
  @Requires('viewer')
  readHot(): Promise<object[]> {
    return this.database.query('pump', 'SELECT 1 AS n', []);
  }

  @Post()
  @Requires('viewer')
  write(): Promise<object[]> {
    return this.database.transaction(async (tx) => {
      await tx.query('CREATE TABLE pumps (n int)');
      await between.statements(tx);
      return tx.query('SELECT count(*)::int AS n FROM pumps');
    });
  }

  @Get('slow')
  @Requires('viewer')
  slow(): Promise<object[]> {
    return this.database.query('slow', 'SELECT pg_sleep(60)', []);
  }
}

const POOL_SIZE = 2;

const unavailable = problem(503, 'database-unavailable');

describe('without its database, the application', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let app: TestApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await DatabaseProxy.before(database.url);
    app = await startApplication({
      controllers: [PumpsController],
      databaseUrl: proxy.url,
      settings: { databasePoolSize: POOL_SIZE },
    });
  });

  afterAll(async () => {
    await proxy.restore();
    await app.close();
    await proxy.cut();
    await database.drop();
  });

  afterEach(async () => {
    between.statements = async () => undefined;
    await proxy.restore();
    await eventually(async () => assert.equal((await get('')).status, 200));
  });

  function listServices(): Promise<Answer> {
    return app.request('GET', '/v1/services');
  }

  function get(path: string): Promise<Answer> {
    return app.request('GET', `/v1/pumps${path}`);
  }

  it('answers 503 with Retry-After to reads, writes and who must be looked up, and recovers by itself', async () => {
    await proxy.cut();
    expect(await get('')).toMatchObject(unavailable);
    expect(await get('/hot')).toMatchObject(unavailable);
    expect(await app.request('POST', '/v1/pumps')).toMatchObject(unavailable);
    expect(await app.request('GET', '/v1/pumps', { token: 'plm_never-seen-before' })).toMatchObject(unavailable);
  });

  it('is not ready until the database is back', async () => {
    const ready = (): Promise<Answer> => app.request('GET', '/readyz', { token: null });
    await proxy.cut();
    await eventually(async () => expect((await ready()).status).toBe(503), 20_000);
    expect((await app.request('GET', '/livez', { token: null })).status).toBe(200);
    await proxy.restore();
    await eventually(async () => expect((await ready()).status).toBe(200), 20_000);
  }, 45_000);

  it('answers 503 to a transaction that loses its connection half-way, and nothing of it stays', async () => {
    between.statements = async () => proxy.breakConnections();
    expect(await app.request('POST', '/v1/pumps')).toMatchObject(unavailable);
    between.statements = async () => undefined;
    await eventually(async () => expect((await app.request('POST', '/v1/pumps')).status).toBe(201));
    await app.database.query('drop-pumps', 'DROP TABLE pumps', []);
  });

  it('answers 503 to a transaction that goes on after it has heard that its connection is lost', async () => {
    between.statements = async (tx) => {
      proxy.breakConnections();
      await eventually(async () => assert.equal(tx.queryRunner?.isReleased, true));
    };
    expect(await app.request('POST', '/v1/pumps')).toMatchObject(unavailable);
  });

  it('answers 503 when the database falls silent in the middle of a transaction', async () => {
    between.statements = async () => proxy.silence();
    expect(await app.request('POST', '/v1/pumps')).toMatchObject(unavailable);
  }, 30_000);

  it('answers 503 to a statement that takes too long, and goes on', async () => {
    expect(await get('/slow')).toMatchObject(unavailable);
    expect((await get('/hot')).status).toBe(200);
  }, 30_000);

  it('answers 503 to who finds no free connection', async () => {
    const released = Promise.withResolvers<void>();
    const allAreTaken = barrier(POOL_SIZE + 1);
    const held = Array.from({ length: POOL_SIZE }, () =>
      app.database.transaction(async (tx) => {
        await tx.query('SELECT 1');
        void allAreTaken();
        await released.promise;
      }),
    );
    await Promise.race([allAreTaken(), Promise.all(held)]);
    expect(await get('/hot')).toMatchObject(unavailable);
    released.resolve();
    await Promise.all(held);
    expect((await get('/hot')).status).toBe(200);
  }, 30_000);

  it('runs a transaction again that PostgreSQL has sacrificed to a deadlock', async () => {
    const bothHoldOne = barrier(2);
    const lockBoth = (first: number, second: number): Promise<void> =>
      app.database.transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock($1)', [first]);
        await bothHoldOne();
        await tx.query('SELECT pg_advisory_xact_lock($1)', [second]);
      });
    await expect(Promise.all([lockBoth(1, 2), lockBoth(2, 1)])).resolves.toBeDefined();
  });

  it('believes nothing that it knew of tokens once it may have missed that one was revoked', async () => {
    const { body } = await app.request('POST', '/v1/tokens', { body: { name: 'missed', role: 'viewer' } });
    const status = async (): Promise<number> =>
      (await app.request('GET', '/v1/pumps/hot', { token: body.token })).status;
    expect(await status()).toBe(200);
    proxy.breakConnections();
    await database.query(`UPDATE tokens SET revoked_at = now() WHERE id = '${body.id}'`);
    await eventually(async () => expect(await status()).toBe(401));
  });

  it('answers 503 for what a schema that is behind has not got, and 500 where a complete one lacks it', async () => {
    await database.query('ALTER TABLE services RENAME TO misplaced');
    expect(await listServices()).toMatchObject(problem(500, 'internal-error'));
    const behind = `UPDATE migrations SET name = 'behind ' || name`;
    await database.query(behind);
    const answer = await listServices();
    expect(answer).toMatchObject(problem(503, 'schema-behind'));
    expect(answer.headers.get('retry-after')).toBe('5');
    await database.query(`UPDATE migrations SET name = replace(name, 'behind ', '')`);
    await database.query('ALTER TABLE misplaced RENAME TO services');
    expect((await listServices()).status).toBe(200);
  });

  it('says when to come again, and nothing of its inside', async () => {
    await proxy.cut();
    const answer = await get('');
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.text).not.toMatch(/ECONN|connect|SELECT|127\.0/i);
  });

  it('starts, waits, and is ready when the database comes', async () => {
    await proxy.cut();
    const starting = startApplication({ databaseUrl: proxy.url, withoutTokens: true });
    await proxy.restore();
    const late = await starting;
    await eventually(async () => expect((await late.request('GET', '/readyz', { token: null })).status).toBe(200));
    await late.close();
  }, 20_000);
});

/** Lets nobody on until so many have come; who comes later passes. */
function barrier(count: number): () => Promise<void> {
  const full = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) full.resolve();
    return full.promise;
  };
}
