import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';

/** What Patroni answers beside a PostgreSQL: 200 for `/primary` where it takes writes, 503 elsewhere. */
export class APatroni {
  private constructor(private readonly server: Server) {}

  static async beside(databaseUrl: string): Promise<APatroni> {
    const server = createServer(async ({ url }, response) => {
      const isPrimary = url === '/primary' && (await takesWrites(databaseUrl).catch(() => false));
      response.writeHead(isPrimary ? 200 : 503).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new APatroni(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async remove(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function takesWrites(databaseUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ is: boolean }>('SELECT NOT pg_is_in_recovery() AS is');
    return rows[0]?.is === true;
  } finally {
    await client.end();
  }
}
