import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSettings } from '../config/load-settings.js';
import { SpanExport } from './span-export.js';

const MOST_WAITING = 2048;
const IN_A_BATCH = 512;

describe('spans for a collector that does not answer', () => {
  const server = createServer(() => undefined);
  let endpoint: string;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('are dropped once too many wait, and counted, each of them', async () => {
    const counts = { exported: 0, failed: 0, dropped: 0 };
    const spans = new SpanExport({
      settings: loadSettings({ APP_ENV: 'test', DATABASE_URL: 'postgres://db', OTEL_EXPORTER_OTLP_TIMEOUT: '200' }),
      endpoint,
      version: '1',
      headers: () => undefined,
      counts,
      redact: (text) => text,
      logger: { info: () => undefined, warn: () => undefined },
    });
    for (let n = 0; n < 10_000; n += 1) spans.tracer.startSpan('a span').end();

    expect(counts).toEqual({ exported: 0, failed: 0, dropped: 10_000 - MOST_WAITING - IN_A_BATCH });
    await spans.close();
  });
});
