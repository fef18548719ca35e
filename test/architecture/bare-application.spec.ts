import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Program, startProgram } from '../support/program.js';

const file = join(import.meta.dirname, 'bare-application/main.mjs');
const token = 'a-token-for-operations-of-this-test';
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

/** One request after the other on one connection, until an answer says that it closes. */
async function statusesUntilSentAway(url: string): Promise<Array<number | undefined>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: Array<number | undefined> = [];
  for (;;) {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    statuses.push(response.statusCode);
    if (response.headers.connection === 'close') return statuses;
  }
}

describe('a Nest application of a few lines that takes operations as they are', () => {
  let program: Program;
  beforeEach(async () => {
    const settings = { DATABASE_URL: 'postgres://nowhere/none', OPS_TOKEN: token, OPS_MAX_ACCESS: 'write' };
    program = await startProgram({ ...settings, SHUTDOWN_DELAY_MS: '300' }, { file });
    await program.untilReady();
  });
  afterEach(() => program.kill());

  const ask = async (path: string, init: RequestInit = { headers }) => {
    const response = await fetch(program.opsUrl + path, init);
    return { status: response.status, text: await response.text() };
  };

  test('answers probes on both ports', async () => {
    for (const path of ['/livez', '/readyz']) {
      expect((await ask(path)).status).toBe(200);
      expect((await fetch(program.url + path)).status).toBe(200);
    }
    expect((await ask('/startupz')).status).toBe(200);
    expect(JSON.parse((await ask('/health')).text)).toEqual({ status: 'up', checks: [] });
  });

  test('counts its requests, and shows and changes what operations know', async () => {
    expect(await (await fetch(`${program.url}/greeting`)).json()).toEqual({ greeting: 'hello' });
    expect((await ask('/metrics')).text).toMatch(/http_server_request_duration_seconds_count{.*route="\/greeting"/);
    const body = JSON.stringify({ level: 'debug' });
    expect(await ask('/loggers/root', { method: 'PUT', headers, body })).toMatchObject({ status: 200 });
    expect((await ask('/flags')).text).toContain('"source":"bootstrap"');
    expect((await ask('/config')).text).toContain('{"key":"OPS_TOKEN","source":"environment","value":"******"}');
  });

  test('drains without a lost request', async () => {
    const clients = Array.from({ length: 4 }, () => statusesUntilSentAway(`${program.url}/greeting`));
    program.signal('SIGTERM');

    expect(new Set((await Promise.all(clients)).flat())).toEqual(new Set([200]));
    expect(await program.exit()).toBe(0);
  });
});
