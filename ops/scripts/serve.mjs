import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { run, tail } from './child-process.mjs';
import { claimClone } from './clone-lock.mjs';
import { clone, node, shown, stateFolder } from './clone.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { ensureInstalled } from './installation.mjs';
import { listenForInterruption } from './interruption.mjs';
import { startServer } from './server.mjs';
import { addressOf, adminTokenFile, assertPortsFree, fillIn, isGiven } from './settings.mjs';
import { bold, cyan, dim, Failure, say, step } from './terminal.mjs';

/** Where the demonstration has the terminal, the server writes here. */
const serverLog = join(stateFolder, 'server.log');

/** The exit code of Plimsoll's programs for settings that are wrong. */
const invalidSettings = 78;

const help = `npm start                 install, build, start Plimsoll and its database, and play the demonstration
npm start -- --no-demo    the same without the demonstration
npm run dev               the same without the demonstration; build and start again whenever a file of src is saved

It needs Node 20 or newer and npm. PostgreSQL it brings along, with its data in .plimsoll/;
with DATABASE_URL set it uses that one. All settings: docs/configuration.md. Ctrl-C ends it.`;

/**
 * @typedef {ReturnType<typeof listenForInterruption>} Interruption
 * @typedef {Awaited<ReturnType<typeof claimClone>>} Claim
 * @typedef {'demo' | 'serve' | 'watch'} Mode
 * @typedef {{ env: NodeJS.ProcessEnv, tokenFile: string, mode: Mode, claim: Claim, interruption: Interruption }} Context
 */

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  const options = readOptions(args);
  if (options.help) {
    say(help);
    return 0;
  }
  const interruption = listenForInterruption();
  const env = fillIn(process.env);
  const claim = await claimClone();
  try {
    await assertPortsFree(env);
    await ensureInstalled(interruption.signal);
    await ensureBuilt(interruption.signal);
    const tokenFile = await adminTokenFile(env);
    return await withDatabase({ env, tokenFile, mode: modeOf(options), claim, interruption });
  } finally {
    claim.release();
  }
}

/** @param {string[]} args */
function readOptions(args) {
  try {
    const options = /** @type {const} */ ({
      'no-demo': { type: 'boolean' },
      watch: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    return parseArgs({ args, options }).values;
  } catch (cause) {
    throw new Failure(`${/** @type {Error} */ (cause).message}\n\n${help}`, { exitCode: 64, cause });
  }
}

/**
 * @param {ReturnType<typeof readOptions>} options
 * @returns {Mode}
 */
function modeOf(options) {
  if (options.watch) return 'watch';
  return options['no-demo'] ? 'serve' : 'demo';
}

/** @param {Context} context */
async function withDatabase(context) {
  if (isGiven(context.env, 'DATABASE_URL')) return await serve(context);
  /** @type {import('./embedded-postgres.mjs').EmbeddedPostgres | undefined} */
  let database;
  try {
    await step('PostgreSQL', async () => {
      database = await startEmbeddedPostgres({ clone, home: stateFolder, signal: context.interruption.signal });
      return `PostgreSQL ${database.version}, ${told(database)}`;
    });
    return await serve({ ...context, env: { ...context.env, DATABASE_URL_FILE: database?.urlFile } });
  } finally {
    await database?.stop();
  }
}

/** @param {import('./embedded-postgres.mjs').EmbeddedPostgres} database */
function told({ data, wasRunning }) {
  const going = wasRunning ? 'found running, going on with it; ' : '';
  const why = data.startsWith(clone) ? '' : `: its user, nobody, cannot look into ${clone}`;
  return `${going}data in ${shown(data)}${why}`;
}

/**
 * @param {Context} context
 * @returns {Promise<number>} exit code
 */
async function serve({ env: given, tokenFile, mode, claim, interruption: { signal, onAgain } }) {
  const { BOOTSTRAP_ADMIN_TOKEN: _, ...rest } = given;
  const env = { ...rest, BOOTSTRAP_ADMIN_TOKEN_FILE: tokenFile };
  await step('bringing the schema up to date', (tell) => migrate(env, tell, signal));
  // Once more: the installation may have taken a minute.
  await assertPortsFree(env);
  const server = startServer(env, { logFile: mode === 'demo' ? serverLog : null, watch: mode === 'watch' });
  claim.holds(server);
  onAgain(server.stop);
  try {
    const isPlayed = await bringUp(server, { env, tokenFile, mode, signal });
    await endOf(server, signal);
    say(`\n${dim('Draining, then stopping.')}`);
    return (await server.stop()) || (isPlayed ? 0 : 1);
  } finally {
    await server.stop();
  }
}

/**
 * @param {import('./server.mjs').Server} server
 * @param {{ env: NodeJS.ProcessEnv, tokenFile: string, mode: Mode, signal: AbortSignal }} context
 * @returns {Promise<boolean>} whether nothing went wrong in the demonstration
 */
async function bringUp(server, { env, tokenFile, mode, signal }) {
  // A server that does not start, for a fault in src, starts with the next file that is saved.
  if (mode !== 'watch') {
    const becomesReady = () => server.becomesReady(`${addressOf(env, 'OPS_')}/readyz`, signal);
    await step('server ready', becomesReady, { sharesTerminal: mode === 'serve' });
  }
  const isPlayed = mode !== 'demo' || (await playDemo(env, tokenFile, signal));
  sayWhere(env, tokenFile, mode);
  return isPlayed;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} tell
 * @param {AbortSignal} signal
 */
async function migrate(env, tell, signal) {
  const onLine = (/** @type {string} */ line) => /waiting|trying again/.test(line) && tell(line);
  const { exitCode, output } = await run(node, ['dist/migrate.js', 'up'], { cwd: clone, env, signal, onLine });
  const what = exitCode === invalidSettings ? 'Plimsoll was not started' : 'The database could not be migrated';
  if (exitCode !== 0) throw new Failure(`${what}:\n${tail(output)}`, { exitCode });
  return 'schema up to date';
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} tokenFile
 * @param {AbortSignal} signal
 */
async function playDemo(env, tokenFile, signal) {
  const args = ['ops/demo/main.ts', '--url', addressOf(env, ''), '--token-file', tokenFile];
  const { exitCode } = await run(node, args, { cwd: clone, env, signal, stdio: ['ignore', 'inherit', 'inherit'] });
  return exitCode === 0;
}

/** Returns when somebody asks to end it; a server that ends by itself is a failure. */
async function endOf(/** @type {import('./server.mjs').Server} */ server, /** @type {AbortSignal} */ signal) {
  const asked = new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  const exitCode = signal.aborted ? null : await Promise.race([server.ended, asked]);
  if (exitCode === null) return;
  throw new Failure(`The server ended by itself (exit code ${exitCode}).`, { exitCode: exitCode || 1 });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} tokenFile
 * @param {Mode} mode
 */
function sayWhere(env, tokenFile, mode) {
  const api = addressOf(env, '');
  const rows = [
    ['API', `${api}/v1`],
    ['API docs', `${api}/docs`],
    ['operations', `${addressOf(env, 'OPS_')} ${dim('/livez /readyz /startupz /metrics /info')}`],
    ['admin token', `in ${shown(tokenFile)}`],
    ...(mode === 'demo' ? [['server log', shown(serverLog)]] : []),
    ['try', `curl -H "Authorization: Bearer $(cat ${shown(tokenFile)})" ${api}/v1/deployments`],
  ];
  const what =
    mode === 'watch' ? 'Plimsoll is built, and again whenever a file of src is saved.' : 'Plimsoll is running.';
  say(`\n${bold(what)} Ctrl-C ends it; its data stays, and the next start goes on with it.\n`);
  for (const [name, where] of rows) say(`  ${cyan(String(name).padEnd(12))} ${where}`);
  say();
}
