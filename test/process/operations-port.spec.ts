import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '../support/eventually.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const MOST_CONNECTIONS = 16;
const token = 'a-token-for-operations-of-this-test';

describe('the operations port of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    program = await startProgram({
      DATABASE_URL: database.url,
      OPS_TOKEN: token,
      OPS_MAX_ACCESS: 'write',
      OPS_ALLOWED_HOSTS: 'app-1',
      OPS_MAX_CONNECTIONS: String(MOST_CONNECTIONS),
    });
    await program.untilReady();
  });

  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  async function send(...lines: string[]): Promise<{ socket: Socket; received: () => string }> {
    const socket = connect(Number(new URL(program.opsUrl).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (chunk: string) => (received += chunk)).on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return { socket, received: () => received };
  }

  const authorization = `authorization: Bearer ${token}`;
  const json = 'content-type: application/json';

  it.each([
    ['a name that it does not know', ['GET /metrics HTTP/1.1', 'host: evil.example'], 421],
    ['such a name even for a probe', ['GET /livez HTTP/1.1', 'host: evil.example:9464'], 421],
    ['a name that is allowed', ['GET /livez HTTP/1.1', 'host: app-1:9464'], 200],
    ['no name, which only HTTP/1.0 may send', ['GET /livez HTTP/1.0'], 200],
    ['two names', ['GET /livez HTTP/1.1', 'host: localhost', 'host: evil.example'], 400],
    ['a GET with a body', ['GET /livez HTTP/1.1', 'host: localhost', 'content-length: 9'], 400],
    ['9 KiB of header', ['GET /livez HTTP/1.1', 'host: localhost', `x: ${'x'.repeat(9216)}`], 431],
    ['a body without a token', ['POST /drain HTTP/1.1', 'host: localhost', json, 'content-length: 9'], 401],
    ['a body to no route', ['POST /nothing HTTP/1.1', 'host: localhost', 'content-length: 9'], 404],
    [
      'a body that is too large',
      ['POST /drain HTTP/1.1', 'host: localhost', authorization, json, 'content-length: 20000'],
      413,
    ],
  ])('answers to %s at once', async (_what, lines, status) => {
    const { received } = await send(...lines);
    await eventually(async () => expect(received()).toContain(`HTTP/1.1 ${status} `));
  });

  it.each([
    ['a probe', 'GET /livez HTTP/1.1', 'host: localhost'],
    ['a refusal', 'GET /livez HTTP/1.1', 'host: evil.example'],
  ])('keeps the connection after %s', async (_what, ...lines) => {
    const { socket, received } = await send(...lines);
    await eventually(async () => expect(received()).toContain('HTTP/1.1 '));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await eventually(async () => expect(received().match(/HTTP\/1\.1 /g)).toHaveLength(2));
  });

  it('reads the body of who has the token', async () => {
    const { socket, received } = await send(
      'PUT /loggers/root HTTP/1.1',
      'host: localhost',
      authorization,
      json,
      'transfer-encoding: chunked',
    );
    for (const piece of ['{"level":', '"loud"}']) socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    socket.write('0\r\n\r\n');
    await eventually(async () => expect(received()).toContain('"pointer":"/level"'));
  });

  it('answers however many connections send no request, or none in full', async () => {
    const heads = [['GET /livez HTTP/1.1'], ['PUT /loggers/root HTTP/1.1', 'host: localhost', authorization, json]];
    for (const [n, lines] of heads.entries()) {
      await Promise.all(Array.from({ length: 5 * MOST_CONNECTIONS }, () => send(...lines, `content-length: ${n + 9}`)));
      expect((await fetch(`${program.opsUrl}/livez`)).status).toBe(200);
    }
    await eventually(async () => {
      expect(sockets.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(MOST_CONNECTIONS);
    });
  });
});
