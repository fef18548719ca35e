import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Stands between the program and its database, and can take it away and give it back. */
class Wire {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  constructor(private readonly target: URL) {}

  async up(): Promise<void> {
    this.#server = createServer((client) => {
      const database = connect(Number(this.target.port), this.target.hostname);
      for (const [from, to] of [
        [client, database],
        [database, client],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy()).on('close', () => to.destroy());
      }
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as { port: number }).port;
  }

  async down(): Promise<void> {
    const closed = this.#server && once(this.#server.close(), 'close');
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }
}

describe('the readiness of the built program', () => {
  let database: TestDatabase;
  let wire: Wire;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
    wire = new Wire(new URL(database.url));
    await wire.up();
  });
  afterAll(async () => {
    await program.kill();
    await wire.down();
    await database.drop();
  });

  test('goes with its database and comes back with it, without a restart', async () => {
    program = await startProgram({ DATABASE_URL: wire.url });
    await program.untilReady();

    await wire.down();
    // The schema is read from the same database, and either may be asked first.
    const unready = await until('a database that is missed', async () => {
      const report = (await (await fetch(`${program.opsUrl}/readyz`)).json()) as { status: string; reasons: string[] };
      return report.reasons.includes('database') ? report : null;
    });
    expect(unready.status).toBe('unready');
    expect((await fetch(`${program.opsUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${program.opsUrl}/startupz`)).status).toBe(200);

    await wire.up();
    await program.untilReady();
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
  });
});
