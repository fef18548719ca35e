import { once } from 'node:events';
import { mkdir, mkdtemp, chmod, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../ops/scripts/embedded-postgres.mjs';
import { readPidFile } from '../../ops/scripts/postmaster.mjs';

const clone = fileURLToPath(new URL('../..', import.meta.url));

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let home: string;
  let running: EmbeddedPostgres[] = [];

  const start = async (signal = new AbortController().signal) => {
    const database = await startEmbeddedPostgres({ clone, home, signal });
    running.push(database);
    return database;
  };

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'plimsoll-embedded-'));
    await chmod(home, 0o755);
  });

  afterEach(async () => {
    for (const database of running) await database.stop();
    running = [];
  });

  afterAll(() => rm(home, { recursive: true }));

  it('is left in no half-made state by a start that is cut short', async () => {
    const interruption = new AbortController();
    const started = start(interruption.signal);
    interruption.abort();
    await expect(started).rejects.toThrow('Interrupted');
    expect(await readdir(join(home, 'postgres')).catch(() => [])).toEqual([]);
  });

  it('goes on with the same data after a stop', async () => {
    const first = await start();
    await ask(first.url, 'create table kept (n int); insert into kept values (7)');
    await first.stop();
    expect(await ask((await start()).url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('recovers what was committed before a kill -9', async () => {
    const { url, data } = await start();
    await ask(url, 'insert into kept values (8)');
    process.kill(readPidFile(data)!.pid, 'SIGKILL');
    const recovered = await start();
    expect(recovered.wasRunning).toBe(false);
    expect(await ask(recovered.url, 'select n from kept order by n')).toEqual([{ n: 7 }, { n: 8 }]);
  });

  it('is gone on with when an earlier start left it running', async () => {
    const { url } = await start();
    expect(await start()).toMatchObject({ url, wasRunning: true });
  });

  it('starts although its old process number belongs to something else by now', async () => {
    const { data, stop } = await start();
    const pidFile = await readFile(join(data, 'postmaster.pid'), 'utf8');
    await stop();
    await writeFile(join(data, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
    expect(await start()).toMatchObject({ wasRunning: false });
  });

  it('moves when its port was taken meanwhile, and keeps the new one', async () => {
    const { url, stop } = await start();
    await stop();
    const squatter = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const moved = await start();
    await moved.stop();
    squatter.close();
    expect(moved.url).not.toBe(url);
    expect(await start()).toMatchObject({ url: moved.url });
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const { url, urlFile } = await start();
    const without = new URL(url);
    without.password = 'guessed';
    await expect(ask(without.href, 'select')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(urlFile)).mode & 0o777).toBe(0o600);
  });

  it('refuses data of another major version, and changes nothing', async () => {
    const { data, stop } = await start();
    await stop();
    const version = await readFile(join(data, 'PG_VERSION'), 'utf8');
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    const before = await readdir(data);
    await expect(start()).rejects.toThrow(/holds the data of PostgreSQL 17, and this Plimsoll runs PostgreSQL 18/);
    expect(await readdir(data)).toEqual(before);
    await writeFile(join(data, 'PG_VERSION'), version);
  });
});

// Only root hands the database to another user, and only then can there be a folder which that one cannot reach.
if (process.getuid?.() === 0) {
  describe('the embedded PostgreSQL of a clone that nobody else can look into', () => {
    it('keeps its data where its user can reach it, and finds it again', async () => {
      const hidden = await mkdtemp(join(tmpdir(), 'plimsoll-hidden-'));
      const home = join(hidden, '.plimsoll');
      await mkdir(home);
      const { signal } = new AbortController();
      const first = await startEmbeddedPostgres({ clone, home, signal });
      await first.stop();
      const second = await startEmbeddedPostgres({ clone, home, signal });
      await second.stop();
      const place = await realpath(join(home, 'postgres'));
      expect(second).toMatchObject({ url: first.url, data: join(place, 'data') });
      expect(place).toMatch(/^\/var\/lib\/plimsoll\//);
      await Promise.all([place, hidden].map((folder) => rm(folder, { recursive: true })));
    });
  });
}
