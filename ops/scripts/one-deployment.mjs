/**
 * Carries one deployment from its beginning to its verdict: whether the Plimsoll at PORT of this machine works, and not
 * only answers. It needs nothing but Node, so that it can be given to the Node in an image: the admin's token is TOKEN.
 */
import { strict as assert } from 'node:assert';
import process from 'node:process';

const { TOKEN: token = '', PORT: port = '3000' } = process.env;
const authorized = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const digest = `sha256:${'a'.repeat(64)}`;
const slot = { service: 'checkout', environment: 'production' };

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 */
async function send(method, path, body, headers = {}) {
  /** @type {RequestInit} */
  const request = {
    method,
    headers: { ...authorized, ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, request);
  assert.ok(answer.ok, `${method} ${path} answers ${answer.status}: ${await answer.clone().text()}`);
  return answer.json();
}

await send('PUT', '/v1/environments/production', { tier: 'production' });
await send('PUT', '/v1/services/checkout', {});
await send('PUT', '/v1/services/checkout/environments/production/gate', { ungated: 'one deployment, to see it work' });
await send('PUT', `/v1/services/checkout/releases/${digest}`, { version: '1.0.0', gitSha: 'a'.repeat(40) });
const key = { 'idempotency-key': 'one-deployment' };
const { id, fence } = await send('POST', '/v1/deployments', { ...slot, digest }, key);
await send('POST', `/v1/deployments/${id}/deployed`, { fence });
const { verdict } = await send('GET', `/v1/deployments/${id}/verdict?wait=20`);
assert.equal(verdict, 'promote');
const { runningRelease } = await send('GET', '/v1/services/checkout/environments/production');
assert.equal(runningRelease.digest, digest);
