/**
 * What a webhook of 10,000 alerts, each attributed to a deployment by its window, takes: seconds to its answer, new and
 * sent again, what memory the server needs beyond what it had, and how late a small request is meanwhile.
 *
 *   DATABASE_URL=postgres://… node ops/bench/webhook.ts [--alerts 10000] [--bytes 1000]
 *
 * Needs Linux and a built server.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine, ownDatabase, request, type RunningPlimsoll, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({
  options: { alerts: { type: 'string', default: '10000' }, bytes: { type: 'string', default: '1000' } },
});
const [count, bytes] = [Number(options.alerts), Number(options.bytes)];

const database = await ownDatabase('bench_webhook');
try {
  // As in a container of 512 MiB.
  const plimsoll = await startPlimsoll(database.url, { LOG_LEVEL: 'warn', NODE_OPTIONS: '--max-old-space-size=307' });
  await deploy(plimsoll);
  // What a first webhook makes once, code and connections, is none of the payload's memory.
  await send(plimsoll, payloadOf(100, 'warm'));
  const payload = payloadOf(count, 'new');
  console.log(machine());
  for (const what of ['new', 'sent again', 'sent again']) {
    const { seconds, peakMib, slowestMs } = await measured(plimsoll, payload);
    const size = (payload.length / 2 ** 20).toFixed(1);
    console.log(`${count} alerts of ${size} MiB, ${what}: ${seconds.toFixed(2)} s (goal 5), at most`);
    console.log(
      `  ${peakMib.toFixed(0)} MiB more than before (goal 100); GET /livez at most ${slowestMs.toFixed(0)} ms`,
    );
  }
  plimsoll.process.kill('SIGKILL');
} finally {
  await database.drop();
}

async function deploy(server: RunningPlimsoll): Promise<void> {
  const digest = `sha256:${'a'.repeat(64)}`;
  await request(server, 'PUT', '/v1/environments/production', { tier: 'production' });
  await request(server, 'PUT', '/v1/services/checkout', {});
  await request(server, 'PUT', '/v1/services/checkout/environments/production/gate', { ungated: 'a benchmark' });
  await request(server, 'PUT', `/v1/services/checkout/releases/${digest}`, { version: '1', gitSha: 'a'.repeat(40) });
  const wish = { service: 'checkout', environment: 'production', digest };
  const { id, fence } = await request<{ id: string; fence: number }>(server, 'POST', '/v1/deployments', wish);
  await request(server, 'POST', `/v1/deployments/${id}/deployed`, { fence });
}

function payloadOf(alerts: number, name: string): string {
  const labels = { alertname: 'Slow', service: 'checkout', environment: 'production', severity: 'page' };
  const startsAt = new Date(Date.now() + 60_000).toISOString();
  const padding = 'x'.repeat(Math.max(0, bytes - 400));
  return JSON.stringify({
    version: '4',
    truncatedAlerts: 0,
    alerts: Array.from({ length: alerts }, (_, n) => ({
      status: 'firing',
      labels: { ...labels, instance: `10.0.${n >> 8}.${n & 255}:8080`, padding },
      annotations: { summary: 'Requests take too long' },
      startsAt,
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph',
      fingerprint: `${name}-${n}`,
    })),
  });
}

async function send({ url, token }: RunningPlimsoll, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { status } = await fetch(`${url}/v1/webhooks/alertmanager`, { method: 'POST', headers, body });
  if (status !== 202) throw new Error(`The webhook answered ${status}`);
}

async function measured(server: RunningPlimsoll, payload: string) {
  const before = memoryMib(server, 'VmRSS');
  forgetPeak(server);
  const over = new AbortController();
  let slowestMs = 0;
  const watching = (async () => {
    while (!over.signal.aborted) {
      const askedAt = performance.now();
      await fetch(`${server.url}/livez`);
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const startedAt = performance.now();
  await send(server, payload);
  const seconds = (performance.now() - startedAt) / 1000;
  over.abort();
  await watching;
  return { seconds, peakMib: memoryMib(server, 'VmHWM') - before, slowestMs };
}

function memoryMib(server: RunningPlimsoll, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
}

/** 5 resets VmHWM, the most that the process ever had. */
function forgetPeak(server: RunningPlimsoll): void {
  writeFileSync(`/proc/${server.process.pid}/clear_refs`, '5');
}
