import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown, stateFolder } from './clone.mjs';
import { Failure, runMain, say } from './terminal.mjs';

/**
 * Fills a running Plimsoll with something to develop on: `npm run seed`. Running it again changes nothing.
 * It asks `PLIMSOLL_URL` with `PLIMSOLL_TOKEN`, or else what `npm start` runs.
 */
const url = process.env.PLIMSOLL_URL || 'http://127.0.0.1:3000';
const tokenFile = join(stateFolder, 'admin-token');

const environments = { development: 'development', staging: 'staging', production: 'production' };
// None that the demonstration of npm start deploys: its releases are others.
const services = ['orders', 'catalogue', 'mail'];
const versions = ['1.0.0', '1.1.0', '1.2.0'];

let token = '';

/**
 * @param {'PUT' | 'POST'} method
 * @param {string} path
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
async function send(method, path, body, headers = {}) {
  const authorized = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  const request = { method, headers: authorized, body: JSON.stringify(body) };
  const answer = await fetch(url + path, request).catch((cause) => {
    throw new Failure(`Plimsoll at ${url} does not answer. Run npm start beside this, or set PLIMSOLL_URL.`, { cause });
  });
  if (!answer.ok) throw new Failure(`${method} ${path} answers ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** @returns {Promise<string>} */
async function readToken() {
  if (process.env.PLIMSOLL_TOKEN) return process.env.PLIMSOLL_TOKEN;
  const text = await readFile(tokenFile, 'utf8').catch((cause) => {
    throw new Failure(`${shown(tokenFile)} is missing. Run npm start first, or set PLIMSOLL_TOKEN.`, { cause });
  });
  return text.trim();
}

/** @param {string} algorithm @param {string} words */
const hash = (algorithm, words) => createHash(algorithm).update(words).digest('hex');

/** @param {string} service @param {string} version @param {number} index */
async function release(service, version, index) {
  const digest = `sha256:${hash('sha256', `${service} ${version}`)}`;
  const gitSha = hash('sha1', `${service} ${version}`);
  const committedAt = new Date(Date.UTC(2026, 8, 1 + index, 9)).toISOString();
  const commits = [{ sha: gitSha, committedAt, message: `Make ${service} ${version}` }];
  await send('PUT', `/v1/services/${service}/releases/${digest}`, { version, gitSha, builtAt: committedAt, commits });
  return digest;
}

/**
 * Known again by its externalId, so that it is made once.
 * @param {string} service @param {string} environment @param {string} digest @param {string} version
 */
async function deploy(service, environment, digest, version) {
  const externalId = `seed-${version}`;
  const key = { 'idempotency-key': `seed-${service}-${environment}-${version}` };
  const deployment = await send(
    'POST',
    '/v1/deployments',
    { service, environment, digest, kind: 'deploy', externalId },
    key,
  );
  if (deployment.state === 'in_progress') {
    await send('POST', `/v1/deployments/${deployment.id}/deployed`, { fence: deployment.fence });
  }
}

await runMain(async () => {
  token = await readToken();
  for (const [slug, tier] of Object.entries(environments)) await send('PUT', `/v1/environments/${slug}`, { tier });
  for (const service of services) {
    await send('PUT', `/v1/services/${service}`, { description: 'Made by npm run seed', owner: 'development' });
    for (const environment of Object.keys(environments)) {
      const slot = `/v1/services/${service}/environments/${environment}`;
      await send('PUT', `${slot}/gate`, { ungated: 'a seed, which nothing runs' });
    }
    for (const [index, version] of versions.entries()) {
      const digest = await release(service, version, index);
      // Production is one version behind.
      const reached = version === versions.at(-1) ? ['development', 'staging'] : Object.keys(environments);
      for (const environment of reached) await deploy(service, environment, digest, version);
    }
  }
  say(`Seeded ${services.length} services in ${Object.keys(environments).length} environments at ${url}`);
});
