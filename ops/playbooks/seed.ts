import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Proxy } from '../drills/proxy.ts';

/** A slot for playbooks to act on: two releases were promoted in it, and the second runs. Run again it changes nothing. */
const slot = '/v1/services/checkout/environments/production';
const digests = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);
const proxy = new Proxy();

async function send(method: string, path: string, body?: object, added = {}): Promise<Record<string, unknown>> {
  const answer = await proxy.send(method, path, body, added);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body) as Record<string, unknown>;
}

async function deploy(digest: string): Promise<void> {
  const wish = { service: 'checkout', environment: 'production', digest, kind: 'deploy' };
  const { id, fence } = await send('POST', '/v1/deployments', wish, { 'idempotency-key': randomUUID() });
  await send('POST', `/v1/deployments/${String(id)}/deployed`, { fence });
  const giveUpAt = Date.now() + 120_000;
  let state: unknown;
  do {
    await delay(500);
    ({ state } = await send('GET', `/v1/deployments/${String(id)}`));
  } while (state === 'verifying' && Date.now() < giveUpAt);
  if (state !== 'promoted') throw new Error(`The deployment of ${digest} is ${String(state)}`);
}

await send('PUT', '/v1/environments/production', { tier: 'production' });
await send('PUT', '/v1/services/checkout', {});
await send('PUT', `${slot}/hosts`, {
  hosts: ['app-1', 'app-2'].map((name) => ({ name, url: `http://${name}:3000` })),
});
const expect = [{ field: 'status', op: 'lt', value: 600 }];
const checks = [{ name: 'answers', type: 'http', url: '{host.url}/livez', intervalSeconds: 1, expect }];
await send('PUT', `${slot}/gate`, { warmUpSeconds: 0, bakeSeconds: 5, checks });
const { lastKnownGood } = await send('GET', slot);
if (lastKnownGood === null) {
  for (const [index, digest] of digests.entries()) {
    await send('PUT', `/v1/services/checkout/releases/${digest}`, { version: `1.${index}`, gitSha: 'c'.repeat(40) });
    await deploy(digest);
  }
}
proxy.close();
