import { eventually } from '../support/eventually.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const token = 'a-token-for-operations-of-this-test';
const authorization = `Bearer ${token}`;
const json = { 'content-type': 'application/json' };

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Entry {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly request_id: string;
  readonly before: object | null;
  readonly after: object | null;
}

describe('writes on the operations port of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
    program = await startProgram({ DATABASE_URL: database.url, OPS_TOKEN: token, OPS_MAX_ACCESS: 'write' });
    await program.untilReady();
  });
  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  async function call({ path, method = 'PUT', headers = { authorization, ...json }, body }: Call) {
    const response = await fetch(program.opsUrl + path, { method, headers, ...(body !== undefined && { body }) });
    const { type } = (await response.json()) as { type?: string };
    return { status: response.status, type, requestId: response.headers.get('x-request-id') ?? '' };
  }

  const entriesOf = (requestId: string) =>
    database.query<Entry>(
      `SELECT actor, action, subject, request_id, before, after FROM audit_log WHERE request_id = '${requestId}'`,
    );
  const untilAudited = (requestId: string) =>
    until('the entry in the audit log', async () => (await entriesOf(requestId))[0] ?? null);
  const linesOf = (requestId: string) =>
    program.log.filter(({ context, requestId: id }) => context === 'OperationsAudit' && id === requestId);

  async function counted(path: string, status: number): Promise<number> {
    const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
    const series = `ops_requests_total{path="${path}",status_code="${status}"} `;
    const line = text.split('\n').find((candidate) => candidate.startsWith(series));
    return Number(line?.slice(series.length) ?? 0);
  }

  const loggers = { path: '/loggers/root', route: '/loggers/{context}' };
  const config = { path: '/runtime-config', route: '/runtime-config', method: 'PATCH' };

  test.each<[string, Call & { route: string }, number, string]>([
    ['a missing token', { ...loggers, headers: json }, 401, 'unauthenticated'],
    ['a wrong token', { ...loggers, headers: { authorization: 'Bearer wrong' } }, 401, 'unauthenticated'],
    ['an Origin', { ...loggers, headers: { authorization, ...json, origin: 'http://127.0.0.1' } }, 403, 'forbidden'],
    ['no JSON', { ...loggers, headers: { authorization }, body: 'level=info' }, 415, 'unsupported-media-type'],
    ['a wrong level', { ...loggers, body: '{"level":"loud"}' }, 422, 'validation-failed'],
    ['an unknown key', { ...config, body: '{"telepathy":true}' }, 422, 'validation-failed'],
    [
      'a stale revision',
      { ...config, body: '{}', headers: { authorization, ...json, 'if-match': '"7"' } },
      412,
      'precondition-failed',
    ],
  ])('with %s are refused, named, counted and audited', async (_what, { route, ...attempt }, status, code) => {
    const before = await counted(route, status);
    const answer = await call(attempt);
    expect(answer).toMatchObject({ status, type: `urn:plimsoll:problem:${code}` });
    expect(await counted(route, status)).toBe(before + 1);
    expect(await untilAudited(answer.requestId)).toEqual({
      actor: 'operations',
      action: `${attempt.path.split('/')[1]}.${(attempt.method ?? 'PUT').toLowerCase()}`,
      subject: attempt.path,
      request_id: answer.requestId,
      before: null,
      after: { status },
    });
    await eventually(() =>
      expect(linesOf(answer.requestId)).toEqual([expect.objectContaining({ level: 'warn', status })]),
    );
  });

  test('are audited with before and after', async () => {
    const { requestId } = await call({ path: '/loggers/root', body: '{"level":"warn"}' });
    expect(await untilAudited(requestId)).toMatchObject({
      action: 'loggers.put',
      before: { level: 'info' },
      after: { status: 200, level: 'warn' },
    });
    await call({ path: '/loggers/root', body: '{"level":null}' });
  });

  test('that are audited with what they change are audited once', async () => {
    const { requestId } = await call({ ...config, body: '{"retention":{"eventsDays":8}}' });
    const marker = await call({ path: '/drain', method: 'DELETE' });
    await untilAudited(marker.requestId);
    expect(await entriesOf(requestId)).toEqual([expect.objectContaining({ action: 'runtime-config.patch' })]);
    await eventually(() => expect(linesOf(marker.requestId)).toHaveLength(1));
    expect(linesOf(requestId)).toHaveLength(1);
  });

  test('cannot fill the audit log or the log: of a flood of refusals all are counted and ten are told of', async () => {
    const before = await counted('/drain', 401);
    const flood = await Promise.all(
      Array.from({ length: 100 }, () => call({ path: '/drain', method: 'POST', headers: {} })),
    );
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await counted('/drain', 401)) - before).toBe(100);
    const refused = await database.query(`SELECT FROM audit_log WHERE (after ->> 'status')::int = 401`);
    expect(refused.length).toBeLessThanOrEqual(10);
    expect(
      program.log.filter(({ context, status }) => context === 'OperationsAudit' && status === 401).length,
    ).toBeLessThanOrEqual(10);
  });
});

describe('a write on the operations port while the database is away', () => {
  test('is answered, and stands in the log', async () => {
    const program = await startProgram({
      DATABASE_URL: 'postgres://plimsoll@127.0.0.1:1/plimsoll',
      OPS_TOKEN: token,
      OPS_MAX_ACCESS: 'write',
    });
    await program.untilOps('/runtime-config', 401);
    const response = await fetch(`${program.opsUrl}/drain`, { method: 'POST', headers: { authorization } });
    expect(response.status).toBe(202);
    const line = await until('the line', async () => program.log.find(({ path }) => path === '/drain') ?? null);
    expect(line).toMatchObject({ context: 'OperationsAudit', method: 'POST', status: 202 });
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
  });
});
