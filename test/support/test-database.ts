import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { Migrator } from '../../src/platform/database/migrator.js';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const TEMPLATE_LOCK_ID = 7_546_215_432;

export interface TestDatabase {
  readonly url: string;
  /** Past the application, on a connection of its own. */
  query<Row extends object>(text: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A fresh clone of the migrated template, or with `isEmpty` a database without any schema. */
export async function createTestDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const adminUrl = serverUrl();
  const template = isEmpty ? 'template0' : await templateOf(adminUrl);
  const name = `plimsoll_test_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: urlOf(adminUrl, name),
    query: async <Row extends object>(text: string) => {
      let rows: Row[] = [];
      await withClient(urlOf(adminUrl, name), async (client) => ({ rows } = await client.query<Row>(text)));
      return rows;
    },
    drop: () => withClient(adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined || url === '') {
    throw new Error('This test needs a database: run it with `npm test -- <file>`, or set TEST_DATABASE_URL.');
  }
  return url;
}

/** `npm test` has made one; who runs Jest against a server of their own gets one for each state of the migrations. */
async function templateOf(adminUrl: string): Promise<string> {
  const given = process.env['TEST_DATABASE_TEMPLATE'];
  if (given !== undefined) {
    return given;
  }
  const template = `plimsoll_template_${await migrationsHash()}`;
  await withClient(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK_ID]);
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      await makeTemplate(admin, adminUrl, template);
    }
  });
  return template;
}

/** Gets its name only when it is whole: a run that dies half-way leaves nothing that the next one would trust. */
async function makeTemplate(admin: Client, adminUrl: string, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${draft}`);
  await new Migrator(urlOf(adminUrl, draft), () => undefined).up();
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(MIGRATIONS)).sort()) {
    hash.update(file).update(await readFile(new URL(file, MIGRATIONS)));
  }
  return hash.digest('hex').slice(0, 12);
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
