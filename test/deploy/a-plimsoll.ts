import { randomBytes } from 'node:crypto';
import { OwnPostgres } from '../support/own-postgres.js';
import { type Program, startProgram } from '../support/program.js';

/** The networks of the lab, which a gate probes. */
const settings = { PROBE_ALLOW: '10.231.0.0/16' };

/** A Plimsoll that runs, on a PostgreSQL of its own. */
export class Plimsoll {
  private constructor(
    readonly token: string,
    private readonly postgres: OwnPostgres,
    private program: Program | null,
    readonly url: string,
    private readonly ports: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<Plimsoll> {
    const postgres = await OwnPostgres.start();
    const token = `plm_${randomBytes(32).toString('base64url')}`;
    const program = await startProgram({ ...settings, DATABASE_URL: postgres.url, BOOTSTRAP_ADMIN_TOKEN: token });
    await program.untilReady();
    const ports = { PORT: new URL(program.url).port, OPS_PORT: new URL(program.opsUrl).port };
    return new Plimsoll(token, postgres, program, program.url, ports);
  }

  /** As a machine loses it. */
  async die(): Promise<void> {
    await this.program?.kill();
    this.program = null;
  }

  async comeBack(): Promise<void> {
    this.program = await startProgram({ ...settings, DATABASE_URL: this.postgres.url, ...this.ports });
    await this.program.untilReady();
  }

  async remove(): Promise<void> {
    await this.die();
    await this.postgres.remove();
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of an answer by its assertions
  async ask(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
