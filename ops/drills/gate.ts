import { randomUUID } from 'node:crypto';
import { Proxy } from './proxy.ts';

/** Starts a deployment whose gate measures both instances every second for ten minutes, and leaves it to itself. */
const digest = `sha256:${'d'.repeat(64)}`;
const slot = '/v1/services/drilled/environments/drills';
const hosts = ['app-1', 'app-2'].map((name) => ({ name, url: `http://${name}:3000` }));
// Whatever the hosts answer in the drill, the gate goes on to its end.
const failAt = { total: 600, consecutive: 600 };
const expect = [{ field: 'status', op: 'lt', value: 600 }];
const checks = [{ name: 'answers', type: 'http', url: '{host.url}/livez', intervalSeconds: 1, failAt, expect }];
const proxy = new Proxy();

async function send(method: string, path: string, body: object, added = {}): Promise<Record<string, unknown>> {
  const answer = await proxy.send(method, path, body, added);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body) as Record<string, unknown>;
}

await send('PUT', '/v1/environments/drills', { tier: 'development' });
await send('PUT', '/v1/services/drilled', {});
await send('PUT', `/v1/services/drilled/releases/${digest}`, { version: '1', gitSha: 'd'.repeat(40) });
await send('PUT', `${slot}/hosts`, { hosts });
await send('PUT', `${slot}/gate`, { warmUpSeconds: 0, bakeSeconds: 600, checks });
const wish = { service: 'drilled', environment: 'drills', digest, kind: 'deploy' };
const { id, fence } = await send('POST', '/v1/deployments', wish, { 'idempotency-key': randomUUID() });
await send('POST', `/v1/deployments/${String(id)}/deployed`, { fence });
proxy.close();
