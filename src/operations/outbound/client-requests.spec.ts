import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchRequests } from './client-requests.js';

describe('a watch over the requests of a library', () => {
  const server = createServer((request, response) => {
    if (request.url === '/hang-up') request.socket.destroy();
    else response.writeHead(Number(request.url?.slice(1))).end();
  });
  const observed: Array<number | null> = [];
  let end: () => void;

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    end = watchRequests(
      'unleash',
      (request) => request.hasHeader('x-watched'),
      (status) => observed.push(status),
    );
  });
  afterEach(() => observed.splice(0));
  afterAll(() => {
    end();
    server.close();
  });

  async function ask(path: string, headers: Record<string, string> = { 'x-watched': 'yes' }): Promise<void> {
    const request = get({ port: (server.address() as AddressInfo).port, path, headers, agent: false });
    request.on('response', (response) => response.resume()).on('error', () => undefined);
    await new Promise((resolve) => request.on('close', resolve));
  }

  test('observes the status of each, and null where there is no answer', async () => {
    for (const path of ['/200', '/503', '/hang-up']) await ask(path);
    expect(observed).toEqual([200, 503, null]);
  });

  test('leaves the others out', async () => {
    await ask('/200', {});
    expect(observed).toEqual([]);
  });

  test('can be ended', async () => {
    end();
    await ask('/200');
    expect(observed).toEqual([]);
  });
});
