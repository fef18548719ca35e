import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { FakeCollector } from '../support/an-otlp-collector.js';
import { ADMIN_TOKEN } from '../support/baking-deployment.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

interface SentEvent {
  fingerprint: string[];
  exception: { values: { stacktrace: { frames: { function: string; filename: string }[] } }[] };
}

describe('what the error tracker is told of a request that failed', () => {
  let database: TestDatabase;
  let collector: FakeCollector;
  let receiver: Server;
  let program: Program;
  const events: SentEvent[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    collector = await FakeCollector.start();
    receiver = createServer(async (request, response) => {
      events.push(JSON.parse((await text(request)).split('\n')[2]!) as SentEvent);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    program = await startProgram({
      DATABASE_URL: database.url,
      BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
      SENTRY_DSN: `http://key@127.0.0.1:${(receiver.address() as AddressInfo).port}/42`,
      GIT_SHA: '0123456789abcdef0123456789abcdef01234567',
      ...collector.settings,
    });
    await program.untilReady();
  }, 120_000);
  afterAll(async () => {
    await program.kill();
    receiver.close();
    await collector.goAway();
    await database.drop();
  });

  test('says which build, which request, which trace, and where in the code', async () => {
    await database.query('ALTER TABLE services RENAME TO services_of_another_name');
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await fetch(`${program.url}/v1/services`, {
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      },
    });

    expect(response.status).toBe(500);
    const event = await until('the event', async () => events[0] ?? null);
    expect(event).toMatchObject({
      platform: 'node',
      level: 'error',
      release: expect.stringMatching(/^plimsoll@\d+\.\d+\.\d+\+0123456789ab$/),
      environment: 'test',
      tags: { kind: 'logged', requestId: response.headers.get('x-request-id') },
      contexts: { trace: { trace_id: traceId, span_id: expect.stringMatching(/^[\da-f]{16}$/) } },
      fingerprint: [expect.stringMatching(/^[\da-f]{16}$/)],
    });
    const frames = event.exception.values.at(-1)!.stacktrace.frames;
    expect(frames).toContainEqual(
      expect.objectContaining({
        function: 'CatalogController.services',
        filename: 'app:///dist/delivery/catalog/catalog.controller.js',
        lineno: expect.any(Number),
        in_app: true,
      }),
    );
  });
});
