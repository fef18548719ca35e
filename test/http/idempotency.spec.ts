import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../src/platform/auth/principal.js';
import { Caller, Requires } from '../../src/platform/auth/requires.js';
import { DomainError } from '../../src/platform/http/problems/domain-error.js';
import { Idempotency } from '../../src/platform/http/idempotency/idempotency.js';
import { parseBody } from '../../src/platform/http/input/validation.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { FakeClock } from '../support/fake-clock.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const HOUR_MS = 60 * 60 * 1000;

const order = z.strictObject({ item: z.string(), note: z.string().optional() });

/** What the work does next, and how often it was asked. */
const workshop = { count: 0, before: async (): Promise<void> => undefined };

@Controller('v1/orders')
class OrdersController {
  constructor(@Inject(Idempotency) private readonly idempotency: Idempotency) {}

  @Post(['', 'elsewhere'])
  @Requires('viewer')
  async create(
    @Headers('idempotency-key') key: string | undefined,
    @Caller() principal: Principal,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const outcome = await this.idempotency.run(
      { key, method: 'POST', path: request.url, principal, body },
      async (tx) => {
        const { item } = parseBody(order, body);
        workshop.count += 1;
        await tx.query('INSERT INTO orders VALUES ($1)', [item]);
        await workshop.before();
        return { status: 201, body: { z: 1, item, a: 2 } };
      },
    );
    reply.status(outcome.status).header('idempotency-replayed', String(outcome.replayed));
    return outcome.body;
  }
}

describe('an Idempotency-Key', () => {
  const clock = new FakeClock();
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication({ controllers: [OrdersController], clock, settings: operationsSettings });
    await app.database.query('make', 'CREATE TABLE orders (item text)', []);
  });

  afterAll(() => app.close());

  beforeEach(() => {
    workshop.count = 0;
    workshop.before = async () => undefined;
  });

  function send(
    key: string | null,
    body: unknown,
    { token = app.tokens.viewer, path = '/v1/orders' } = {},
  ): Promise<Answer> {
    return app.request('POST', path, { token, body, headers: key === null ? {} : { 'idempotency-key': key } });
  }

  async function orders(item: string): Promise<number> {
    return (await app.database.query<object>('orders', 'SELECT FROM orders WHERE item = $1', [item])).length;
  }

  it('is required, and is visible ASCII of at most 255 characters', async () => {
    expect(await send(null, { item: 'a' })).toMatchObject(problem(400, 'idempotency-key-required'));
    for (const key of ['', ' ', 'two words', 'é', 'x'.repeat(256)]) {
      expect((await send(key, { item: 'a' })).status).toBe(400);
    }
    expect(workshop.count).toBe(0);
  });

  it('gives the stored reply, letter by letter, to the same JSON in any spelling', async () => {
    const key = randomUUID();
    const first = await send(key, '{"item":"pen","note":"x"}');
    const second = await send(key, '{ "note": "x", "item": "\\u0070en" }');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual(['false', 'true']);
    expect([workshop.count, await orders('pen')]).toEqual([1, 1]);
  });

  it('is refused with another body', async () => {
    const key = randomUUID();
    await send(key, { item: 'cup' });
    const answer = await send(key, { item: 'cups' });
    expect(answer).toMatchObject(problem(422, 'idempotency-mismatch'));
    expect(await orders('cups')).toBe(0);
  });

  it('counts for one token and one path, whatever the query', async () => {
    const key = randomUUID();
    await send(key, { item: 'hat' });
    await send(key, { item: 'hat' }, { token: app.tokens.admin });
    await send(key, { item: 'hat' }, { path: '/v1/orders/elsewhere' });
    expect(workshop.count).toBe(3);
    await send(key, { item: 'hat' }, { path: '/v1/orders?other' });
    expect(workshop.count).toBe(3);
  });

  it('keeps a refusal that a retry cannot change, without what the work had written', async () => {
    workshop.before = async () => {
      throw new DomainError({ code: 'sold-out', status: 409, title: 'Sold out' }, 'None left.', { left: 0 });
    };
    const key = randomUUID();
    const first = await send(key, { item: 'cap' });
    workshop.before = async () => undefined;
    const second = await send(key, { item: 'cap' });
    expect(first.body).toMatchObject({
      type: 'urn:plimsoll:problem:sold-out',
      status: 409,
      detail: 'None left.',
      left: 0,
    });
    const { requestId: _own, ...refusal } = first.body;
    expect(second.body).toMatchObject(refusal);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect([workshop.count, await orders('cap')]).toEqual([1, 0]);
  });

  it('keeps the 422 of a body that is not valid', async () => {
    const key = randomUUID();
    const answers = [await send(key, { thing: 1 }), await send(key, { thing: 1 })];
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [422, null],
      [422, 'true'],
    ]);
    expect(answers[1]?.body.errors).toEqual(answers[0]?.body.errors);
  });

  it('keeps little of a refusal, however much is wrong', async () => {
    const unknown = Array.from({ length: 55 }, (_, n) => [`${n}${'~/'.repeat(125)}`, '']);
    const refused = await send(randomUUID(), Object.fromEntries(unknown));
    expect(refused.status).toBe(422);
    const sizes = 'SELECT max(length(body::text))::int AS most FROM idempotent_replies';
    const [row] = await app.database.query<{ most: number }>('sizes', sizes, []);
    expect(row?.most).toBeLessThan(20_000);
  });

  it.each([
    [
      'a refusal that may pass',
      new DomainError({ code: 'busy', status: 409, title: 'Busy', mayPass: true }, 'Wait.'),
      409,
    ],
    ['a defect', new Error('broken'), 500],
  ])('does not keep %s', async (_what, error, status) => {
    const key = randomUUID();
    workshop.before = async () => {
      throw error;
    };
    expect((await send(key, { item: 'bag' })).status).toBe(status);
    workshop.before = async () => undefined;
    expect((await send(key, { item: 'bag' })).status).toBe(201);
  });

  it('answers 409 while the first request is in flight, and works once', async () => {
    const key = randomUUID();
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    workshop.before = async () => {
      entered.resolve();
      await leave.promise;
    };
    const first = send(key, { item: 'map' });
    await entered.promise;
    const second = await send(key, { item: 'map' });
    expect(second).toMatchObject(problem(409, 'idempotency-in-flight'));
    leave.resolve();
    expect((await first).status).toBe(201);
    expect((await send(key, { item: 'map' })).headers.get('idempotency-replayed')).toBe('true');
    expect([workshop.count, await orders('map')]).toEqual([1, 1]);
  });

  it('is forgotten after 24 hours, and the table with it', async () => {
    const key = randomUUID();
    await send(key, { item: 'old' });
    clock.advance(24 * HOUR_MS - 1);
    expect((await send(key, { item: 'old' })).headers.get('idempotency-replayed')).toBe('true');
    clock.advance(1);
    expect((await send(key, { item: 'old' })).headers.get('idempotency-replayed')).toBe('false');
    clock.advance(24 * HOUR_MS);
    await send(randomUUID(), { item: 'new' });
    await app.nest.get(Idempotency).sweep(new AbortController().signal);
    const keys = await app.database.query('keys', 'SELECT body FROM idempotent_replies', []);
    expect(keys).toEqual([{ body: { z: 1, item: 'new', a: 2 } }]);
    const { body } = await askOperations(app, 'GET', '/jobs');
    expect(body.jobs).toContainEqual(expect.objectContaining({ name: 'expired-replies', everyMs: 600_000 }));
  });
});
