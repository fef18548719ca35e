import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Histogram } from 'prom-client';
import { Secrets } from '../../operations/config/secrets.js';
import type { Settings } from '../../operations/config/settings.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { callDurations } from '../../operations/outbound/call-durations.js';
import { OutboundCalls } from '../../operations/outbound/outbound-calls.js';
import { RedisConnection } from './redis-connection.js';

/** Enough of a Redis to be connected to: it says OK, or nothing at all. */
class FakeRedis {
  isSilent = false;
  readonly sockets = new Set<Socket>();
  readonly server: Server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const commands = String(bytes).match(/^\*\d+/gm) ?? [];
      if (!this.isSilent) socket.write(commands.map(() => '+OK\r\n').join(''));
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

const secretsWith = (redisUrl?: string) => new Secrets({ redisUrl } as Settings);

describe('RedisConnection', () => {
  const redis = new FakeRedis();
  const checks = new HealthChecks();
  const shutdown = new Shutdown();
  const outbound = new OutboundCalls(
    { info: () => undefined, warn: () => undefined },
    new Histogram({ ...callDurations, registers: [] }),
  );
  let connection: RedisConnection;

  beforeAll(async () => {
    connection = new RedisConnection(secretsWith(await redis.start()), outbound, checks, shutdown);
    await once(connection.client!, 'ready');
  });

  afterAll(async () => {
    await shutdown.steps.run();
    redis.stop();
  });

  it('is none without REDIS_URL, and then nothing is checked or closed', async () => {
    const [noChecks, noShutdown] = [new HealthChecks(), new Shutdown()];
    const none = new RedisConnection(secretsWith(), outbound, noChecks, noShutdown);
    expect([none.client, noChecks.states(), await noShutdown.steps.run()]).toEqual([null, [], []]);
    expect(await none.ask((client) => client.get('a'))).toBeNull();
  });

  it('answers commands', async () => {
    expect(await connection.client?.set('a', 'b')).toBe('OK');
  });

  it('gives a command up when Redis falls silent', async () => {
    redis.isSilent = true;
    await expect(connection.client?.get('a')).rejects.toThrow('Command timed out');
    redis.isSilent = false;
  });

  it('leaves a silent Redis alone after three questions', async () => {
    let asked = 0;
    const ask = () =>
      connection.ask(async () => {
        asked += 1;
        throw new Error('no answer in time');
      });
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([null, null, null, null]);
    expect([asked, outbound.states()]).toEqual([3, [{ peer: 'redis', state: 'open' }]]);
  });

  it('fails commands at once while Redis is away', async () => {
    const closed = once(connection.client!, 'close');
    redis.stop();
    await closed;
    await expect(connection.client?.get('a')).rejects.toThrow(/enableOfflineQueue|max retries|Connection is closed/);
  });

  it('is closed without Redis as well', async () => {
    expect(await shutdown.steps.run()).toEqual([{ name: 'redis', outcome: 'closed' }]);
  });
});
