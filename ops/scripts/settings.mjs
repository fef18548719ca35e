import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portError } from './ports.mjs';
import { stateFolder } from './clone.mjs';
import { writePrivately } from './private-file.mjs';
import { Failure } from './terminal.mjs';

/** What `npm start` sets when nobody else has. */
const defaults = {
  APP_ENV: 'development',
  HOST: '127.0.0.1',
  PORT: '3000',
  OPS_HOST: '127.0.0.1',
  OPS_PORT: '9464',
};

/**
 * The environment for the server: the caller's, with what is missing filled in.
 * @param {NodeJS.ProcessEnv} given
 * @returns {NodeJS.ProcessEnv}
 */
export function fillIn(given) {
  const missing = Object.entries(defaults).filter(([name]) => !isGiven(given, name));
  return {
    ...given,
    ...Object.fromEntries(missing),
    NODE_COMPILE_CACHE: given.NODE_COMPILE_CACHE ?? join(stateFolder, 'compile-cache'),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
export function isGiven(env, name) {
  return Boolean(env[name] || env[`${name}_FILE`]);
}

/**
 * A setting's value, also when a file holds it.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
export function valueOf(env, name) {
  const file = env[`${name}_FILE`];
  return (env[name] || (file && readFileSync(file, 'utf8')) || '').trim();
}

/**
 * The file that holds the admin token: the caller's, or one made here. The token itself is shown nowhere.
 * @param {NodeJS.ProcessEnv} env
 */
export async function adminTokenFile(env) {
  if (env.BOOTSTRAP_ADMIN_TOKEN_FILE) return env.BOOTSTRAP_ADMIN_TOKEN_FILE;
  const file = join(stateFolder, 'admin-token');
  if (env.BOOTSTRAP_ADMIN_TOKEN) await writePrivately(file, env.BOOTSTRAP_ADMIN_TOKEN);
  else if (!existsSync(file)) await writePrivately(file, `plm_${randomBytes(32).toString('base64url')}`);
  return file;
}

/**
 * The address that something on this machine reaches a listener under.
 * @param {NodeJS.ProcessEnv} env
 * @param {'' | 'OPS_'} prefix
 */
export function addressOf(env, prefix) {
  const host = valueOf(env, `${prefix}HOST`);
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${valueOf(env, `${prefix}PORT`)}`;
}

/** @param {NodeJS.ProcessEnv} env */
export async function assertPortsFree(env) {
  for (const name of ['PORT', 'OPS_PORT']) {
    const port = Number(valueOf(env, name));
    const host = valueOf(env, name.replace('PORT', 'HOST'));
    const error = Number.isInteger(port) ? await portError(port, host) : new Error('not a port number');
    if (error === null) continue;
    const reason = 'code' in error && error.code === 'EADDRINUSE' ? 'is taken by another program' : error.message;
    throw new Failure(
      `Port ${valueOf(env, name)} on ${host} (${name}): ${reason}. Plimsoll was not started.\n` +
        `  End that program, or choose another port: ${name}=${port + 1} npm start`,
    );
  }
}
