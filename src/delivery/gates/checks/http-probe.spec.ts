import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../../../operations/config/settings.js';
import { OutboundCalls } from '../../../operations/outbound/outbound-calls.js';
import { ProbeTargets, RefusedTarget } from '../../../platform/probes/probe-targets.js';
import { HttpProbe } from './http-probe.js';

const servers: Server[] = [];
const outbound = new OutboundCalls({ info: () => undefined, warn: () => undefined });
const targets = new ProbeTargets({ probeAllow: ['localhost', '127.0.0.0/8'] } as unknown as Settings);
const probe = new HttpProbe(targets, outbound);

async function serving(listener: RequestListener, host = '127.0.0.1'): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://${host}:${(server.address() as AddressInfo).port}/readyz?x=1`);
}
const bodyOf = async (url: URL) => (await probe.get(url, 5000)).body.toString();

afterAll(() => {
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
    const answer = await probe.get(url, 5000);
    expect(answer).toMatchObject({ status: 418, headers: { 'x-version': '1.4.2' } });
    expect(answer.body.toString()).toBe(`GET /readyz?x=1 ${url.host} close`);
    expect(answer.durationMs).toBeGreaterThan(0);
  });

  it('names the host that was asked for, while it goes to the judged address', async () => {
    const url = await serving((request, response) => response.end(request.headers.host), 'localhost');
    expect(await bodyOf(url)).toBe(url.host);
  });

  it('follows no redirect', async () => {
    const url = await serving((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    expect((await probe.get(url, 5000)).status).toBe(302);
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
    await expect(probe.get(url, timeoutMs)).rejects.toThrow(reason);
  });

  it.each([
    ['http://127.0.0.1:1/', /ECONNREFUSED/],
    ['https://127.0.0.1:1/', /ECONNREFUSED/],
    ['http://no-such-host.invalid/', /ENOTFOUND|EAI_AGAIN|timed out/],
  ])('fails with the reason at %s', async (url, reason) => {
    await expect(probe.get(new URL(url), 2000)).rejects.toThrow(reason);
  });

  it('that is not allowed is not made, which is no failure of the host', async () => {
    await expect(probe.get(new URL('http://10.0.0.1/'), 2000)).rejects.toThrow(RefusedTarget);
  });

  it('is measured by what came of it, unless it was not made', async () => {
    outbound.durations.reset();
    const url = await serving((request, response) => (request.url === '/hangs' ? null : response.writeHead(503).end()));
    await probe.get(url, 5000);
    await probe.get(new URL('/hangs', url), 50).catch(() => undefined);
    await probe.get(new URL('http://127.0.0.1:1/'), 5000).catch(() => undefined);
    await probe.get(new URL('http://10.0.0.1/'), 5000).catch(() => undefined);
    const { values } = await outbound.durations.get();
    const counted = values.filter(({ metricName }) => metricName.endsWith('_count'));
    expect(counted.map(({ labels, value }) => [labels, value])).toEqual([
      [{ peer: 'probes', status_class: '5xx' }, 1],
      [{ peer: 'probes', status_class: 'timeout' }, 1],
      [{ peer: 'probes', status_class: 'error' }, 1],
    ]);
  });

  it('speaks no TLS with a host that does not', async () => {
    const url = await serving((_, response) => response.end());
    url.protocol = 'https:';
    await expect(probe.get(url, 2000)).rejects.toThrow(/SSL|TLS|EPROTO|wrong version/i);
  });
});
