import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Client {
  /** The first that it sent, with its application_name. */
  hello: string;
}

/** Stands between the application and its database, so that a test can take the database away and give it back. */
export class DatabaseProxy {
  /** How often the application has sent something. */
  questions = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private isSilent: (client: Client) => boolean = () => false;

  constructor(private target: URL) {}

  static async before(databaseUrl: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(new URL(databaseUrl));
    await proxy.restore();
    return proxy;
  }

  /** The database's URL by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** Breaks every connection and refuses new ones, as a database that was stopped. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    this.breakConnections();
    await closed;
  }

  /** New connections go to another server, as the address of a primary does after a failover. Old ones break. */
  pointTo(databaseUrl: string): void {
    this.target = new URL(databaseUrl);
    this.breakConnections();
  }

  /** Breaks every connection; new ones are made, as after a failover. */
  breakConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps the connections and lets no byte through, as a network that drops everything; or those of one application_name. */
  silence(applicationName?: string): void {
    this.isSilent = ({ hello }) => applicationName === undefined || hello.includes(applicationName);
  }

  async restore(): Promise<void> {
    this.isSilent = () => false;
    if (!this.server) {
      const server = createServer((socket) => this.forward(socket));
      await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
      this.port = (server.address() as AddressInfo).port;
      this.server = server;
    }
  }

  private forward(socket: Socket): void {
    const database = connect({ host: this.target.hostname, port: Number(this.target.port || 5432) });
    const client = { hello: '' };
    socket.on('data', (bytes) => {
      this.questions += 1;
      client.hello ||= bytes.toString('latin1');
    });
    this.link(client, socket, database);
    this.link(client, database, socket);
  }

  private link(client: Client, from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (bytes) => this.isSilent(client) || to.write(bytes));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
