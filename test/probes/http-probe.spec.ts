import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Histogram } from 'prom-client';
import type { Settings } from '../../src/operations/config/settings.js';
import { callDurations } from '../../src/operations/outbound/call-durations.js';
import { OutboundCalls } from '../../src/operations/outbound/outbound-calls.js';
import { LoopDelay } from '../../src/platform/probes/loop-delay.js';
import { Names } from '../../src/platform/probes/names.js';
import { ProbeError } from '../../src/platform/probes/probe-error.js';
import { SystemNames } from '../../src/platform/probes/system-names.js';
import { eventually } from '../support/eventually.js';
import { aFolderOfNames, aNameServer } from '../support/a-name-server.js';
import { ProbeTargets, RefusedTarget } from '../../src/platform/probes/probe-targets.js';
import { HttpProbe } from '../../src/delivery/gates/checks/http-probe.js';
import { ProbeFailure } from '../../src/delivery/gates/checks/probe-failures.js';

const servers: Server[] = [];
const workers: Worker[] = [];
const outbound = new OutboundCalls(
  { info: () => undefined, warn: () => undefined },
  new Histogram({ ...callDurations, registers: [] }),
);

/** Names that no other resolver knows. What listens here listens on 127.0.0.1 alone. */
const HOSTS = `127.0.0.1 app.test\n::1 two.test\n127.0.0.2 two.test\n127.0.0.1 two.test\n127.0.0.2 gone.test`;
const nameServer = await aNameServer({ 'silent.test': 'silence', 'moves.test': { addresses: ['127.0.0.2'] } });
const folder = await aFolderOfNames({ hosts: HOSTS, 'resolv.conf': `nameserver ${nameServer.address}` });
const probeAllow = ['localhost', '127.0.0.0/8', '::1', 'two.test'];
const targets = new ProbeTargets({ probeAllow } as unknown as Settings, new Names(new SystemNames(folder.path)));
const probe = new HttpProbe(targets, outbound, new LoopDelay());
const run = {};

async function serving(listener: RequestListener, host = '127.0.0.1'): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://${host}:${(server.address() as AddressInfo).port}/readyz?x=1`);
}
const bodyOf = async (url: URL) => (await probe.get(url, 5000, run)).body.toString();

/** A server that answers while this thread stands still: 200, or nothing at `/hangs`. */
async function servingElsewhere(): Promise<URL> {
  const server = `const { parentPort } = require('node:worker_threads');
    const server = require('node:http').createServer((request, response) => {
      if (request.url !== '/hangs') response.end('{}');
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(server, { eval: true });
  workers.push(worker);
  const [port] = await once(worker, 'message');
  return new URL(`http://127.0.0.1:${port}/`);
}
/** As no server of Node's writes them, which puts small chunks together. */
function inOneByteChunks(count: number): RequestListener {
  const answer = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`;
  return ({ socket }) => void socket.on('error', () => undefined).end(answer);
}
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
/** Lets a probe that has just begun get as far as its request. */
const aWhile = async () => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
};

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()));
  await nameServer[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('an HTTP probe', () => {
  it('asks for the path on a connection of its own and tells what was answered', async () => {
    const url = await serving((request, response) => {
      response.writeHead(418, { 'x-version': '1.4.2' });
      response.end(`${request.method} ${request.url} ${request.headers.host} ${request.headers.connection}`);
    });
    const answer = await probe.get(url, 5000, run);
    expect(answer).toMatchObject({ status: 418, headers: { 'x-version': '1.4.2' } });
    expect(answer.body.toString()).toBe(`GET /readyz?x=1 ${url.host} close`);
    expect(answer.durationMs).toBeGreaterThan(0);
  });

  it('names the host that was asked for, while it goes to the judged address', async () => {
    const url = await serving((request, response) => response.end(request.headers.host), 'app.test');
    expect(await bodyOf(url)).toBe(url.host);
  });

  it('tries the judged addresses in turn', async () => {
    const url = await serving((request, response) => response.end(request.headers.host), 'two.test');
    expect(await bodyOf(url)).toBe(url.host);
  });

  it('speaks against a host that refuses at its last address', async () => {
    await expect(probe.get(new URL('http://two.test:1'), 5000, run)).rejects.toThrow(
      /REFUSED 127.0.0.2.*REFUSED 127.0.0.1/,
    );
  });

  it('finds a host that has moved since its name was looked up', async () => {
    const url = await serving((_, response) => response.end(), 'moves.test');
    await expect(probe.get(url, 5000, run)).rejects.toThrow(/ECONNREFUSED 127.0.0.2/);
    nameServer.answer('moves.test', { addresses: ['127.0.0.1'] });
    await eventually(() => probe.get(url, 5000, run));
  });

  it.each([
    ['is not answered', 'http://silent.test', 'silent.test was not resolved within 50 ms'],
    ['does not exist', 'http://none.test', 'none.test was not resolved: it does not exist'],
  ])('speaks against nobody whose name %s', async (_what, url, why) => {
    const timeoutMs = url.includes('silent') ? 50 : 5000;
    await expect(probe.get(new URL(url), timeoutMs, run)).rejects.toThrow(new ProbeError(why));
  });

  it('follows no redirect', async () => {
    const url = await serving((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    expect((await probe.get(url, 5000, run)).status).toBe(302);
  });

  it('waits again for the time in which Plimsoll itself stood still', async () => {
    const probing = probe.get(await servingElsewhere(), 100, run);
    await aWhile();
    standStill(300);
    expect(await probing).toMatchObject({ status: 200 });
  });

  it('tells a host that does not answer from a standstill', async () => {
    const probing = probe.get(new URL('/hangs', await servingElsewhere()), 100, run);
    await aWhile();
    standStill(300);
    await expect(probing).rejects.toThrow(new ProbeFailure('timed out after 100 ms'));
  });

  it('counts a standstill of Plimsoll apart from what the host took', async () => {
    const probing = probe.get(await servingElsewhere(), 5000, run);
    await aWhile();
    standStill(300);
    const { durationMs, ownDelayMs } = await probing;
    expect(ownDelayMs).toBeGreaterThan(durationMs);
  });

  it('keeps no chunk of a body alive', async () => {
    const url = await serving(inOneByteChunks(2000));
    const { body } = await probe.get(url, 5000, run);
    expect([body.length, body.buffer.byteLength]).toEqual([2000, 65_536]);
  });

  it('reads a body in no more than 4096 chunks', async () => {
    expect(await bodyOf(await serving(inOneByteChunks(10_000)))).toBe('x'.repeat(4096));
  });

  it('reads the first 64 KiB of a body that does not end', async () => {
    const url = await serving((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await bodyOf(url)).toBe('x'.repeat(65_536));
  });

  it.each<[string, RequestListener, number, RegExp]>([
    ['never answers', () => {}, 200, /^timed out after 200 ms$/],
    ['drips', (_, response) => void response.write('x'), 200, /^timed out after 200 ms$/],
    ['hangs up', (request) => request.socket.destroy(), 5000, /socket hang up/],
    [
      'breaks off',
      (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
      5000,
      /aborted/,
    ],
  ])('fails with the reason at a host that %s', async (_does, listener, timeoutMs, reason) => {
    const url = await serving(listener);
    await expect(probe.get(url, timeoutMs, run)).rejects.toThrow(reason);
  });

  it.each([
    ['http://127.0.0.1:1/', /ECONNREFUSED/],
    ['https://127.0.0.1:1/', /ECONNREFUSED/],
    ['http://gone.test:1/', /ECONNREFUSED/],
  ])('fails with the reason at %s', async (url, reason) => {
    await expect(probe.get(new URL(url), 2000, run)).rejects.toThrow(reason);
  });

  it('that is not allowed is not made, which is no failure of the host', async () => {
    await expect(probe.get(new URL('http://10.0.0.1/'), 2000, run)).rejects.toThrow(RefusedTarget);
  });

  it('is measured by what came of it, unless it was not made', async () => {
    outbound.durations.reset();
    const url = await serving((request, response) => (request.url === '/hangs' ? null : response.writeHead(503).end()));
    await probe.get(url, 5000, run);
    await probe.get(new URL('/hangs', url), 50, run).catch(() => undefined);
    await probe.get(new URL('http://127.0.0.1:1/'), 5000, run).catch(() => undefined);
    await probe.get(new URL('http://10.0.0.1/'), 5000, run).catch(() => undefined);
    const { values } = await outbound.durations.get();
    const counted = values.filter(({ metricName }) => metricName?.endsWith('_count'));
    expect(counted.map(({ labels, value }) => [labels, value])).toEqual([
      [{ peer: 'probes', status_class: '5xx' }, 1],
      [{ peer: 'probes', status_class: 'timeout' }, 1],
      [{ peer: 'probes', status_class: 'error' }, 1],
    ]);
  });

  it('speaks no TLS with a host that does not', async () => {
    const url = await serving((_, response) => response.end());
    url.protocol = 'https:';
    await expect(probe.get(url, 2000, run)).rejects.toThrow(/SSL|TLS|EPROTO|wrong version/i);
  });
});
