import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { run, tail } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { ensureInstalled } from './installation.mjs';
import { listenForInterruption } from './interruption.mjs';
import { startRedis } from './redis.mjs';
import { dim, Failure, say, step } from './terminal.mjs';

/** The tests wait for databases and processes more than they compute, so two work at once even on one core. */
const workers = Math.max(2, availableParallelism() - 1);

/** Every test file clones this database: migrating takes a second, cloning a twentieth of one. */
const template = 'plimsoll_template';

/**
 * @param {string[]} args handed on to Jest
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  const { signal } = listenForInterruption();
  await ensureInstalled(signal);
  await ensureBuilt(signal);
  const folder = await temporaryFolder();
  /** @type {(() => Promise<unknown>)[]} */
  const cleanUps = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  try {
    const databaseUrl = await obtainDatabase(folder, signal, cleanUps);
    await step('template database', () => makeTemplate(databaseUrl, signal));
    const redisUrl = await obtainRedis(folder, cleanUps);
    const services = { TEST_DATABASE_URL: databaseUrl, TEST_DATABASE_TEMPLATE: template, TEST_REDIS_URL: redisUrl };
    return await runJest(args, services, signal);
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

/** Readable to all, since as root the database runs as another user. What is secret in it has a mode of its own. */
async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/**
 * @param {string} folder
 * @param {AbortSignal} signal
 * @param {(() => Promise<unknown>)[]} cleanUps
 * @returns {Promise<string>} URL of the database `postgres` of a server on which databases may be made
 */
async function obtainDatabase(folder, signal, cleanUps) {
  const given = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL;
  if (given) return given;
  let url = '';
  await step('PostgreSQL', async () => {
    const database = await startEmbeddedPostgres({ clone, home: folder, isDisposable: true, signal });
    cleanUps.push(database.stop);
    url = withDatabase(database.url, 'postgres');
    return `PostgreSQL ${database.version}, for this run only`;
  });
  return url;
}

/**
 * @param {string} url
 * @param {string} name
 */
function withDatabase(url, name) {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/**
 * @param {string} adminUrl
 * @param {AbortSignal} signal
 */
async function makeTemplate(adminUrl, signal) {
  // Not before it is installed.
  const { default: pg } = await import('pg');
  const client = new pg.Client(adminUrl);
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template}`);
  } finally {
    await client.end();
  }
  const { DATABASE_URL_FILE: _, ...rest } = process.env;
  const env = { ...rest, APP_ENV: 'test', DATABASE_URL: withDatabase(adminUrl, template) };
  const { exitCode, output } = await run(node, ['dist/migrate.js', 'up'], { cwd: clone, env, signal });
  if (exitCode !== 0) throw new Failure(`The template database could not be migrated:\n${tail(output)}`);
}

/**
 * @param {string} folder
 * @param {(() => Promise<unknown>)[]} cleanUps
 * @returns {Promise<string>} empty without a Redis
 */
async function obtainRedis(folder, cleanUps) {
  const given = process.env.TEST_REDIS_URL || process.env.REDIS_URL;
  if (given) return given;
  const redis = await startRedis(folder);
  if (redis !== null) {
    cleanUps.push(redis.stop);
    return redis.url;
  }
  if (process.env.CI === 'true') throw new Failure('There is no redis-server on the PATH, and CI tests with Redis.');
  say(`  ${dim('–')} no redis-server on the PATH and no REDIS_URL: what needs Redis runs without it`);
  return '';
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} services
 * @param {AbortSignal} signal
 */
async function runJest(args, services, signal) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [join(clone, 'node_modules/jest/bin/jest.js'), `--maxWorkers=${workers}`, ...args];
  // The tests say themselves what the application is configured with.
  const { DATABASE_URL: _d, DATABASE_URL_FILE: _f, REDIS_URL: _r, ...env } = process.env;
  say();
  const { exitCode } = await run(node, [...flags, ...jest], {
    cwd: clone,
    env: { ...env, ...Object.fromEntries(Object.entries(services).filter(([, url]) => url !== '')) },
    stdio: 'inherit',
    signal,
    // Jest would leave its workers, and they the programs that they have started.
    withDescendants: true,
  });
  return exitCode;
}
