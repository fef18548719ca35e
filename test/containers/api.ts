import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { containerOf, patience, podman, project, proxyPort } from './stack.mjs';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** The API as a client outside meets it: through the proxy, whose certificate is verified. */
export class Api {
  private constructor(
    private readonly agent: Agent,
    private readonly token: string,
    private readonly port: number,
  ) {}

  /** With the token that is in the secrets of that stack. */
  static async connect(name = project, port = proxyPort): Promise<Api> {
    const root = '/data/caddy/pki/authorities/local/root.crt';
    const ca = await podman('exec', `${name}_proxy_1`, 'cat', root);
    const agent = new Agent({ ca, keepAlive: true, maxSockets: 32 });
    return new Api(agent, await secret('bootstrap-admin-token', name), port);
  }

  send(method: string, path: string, body?: object, added: object = {}): Promise<Answer> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const options = {
      agent: this.agent,
      host: 'localhost',
      port: this.port,
      method,
      path,
      headers: { authorization: `Bearer ${this.token}`, ...content, ...added },
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { statusCode = 0, headers } = incoming;
          resolve({ status: statusCode, headers, body: parsed(Buffer.concat(chunks).toString()) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  deploy(service: string, environment: string, digest: string): Promise<Answer> {
    const body = { service, environment, digest, kind: 'deploy' };
    return this.send('POST', '/v1/deployments', body, { 'idempotency-key': randomUUID() });
  }

  close(): void {
    this.agent.destroy();
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}

export function secret(name: string, stack = project): Promise<string> {
  return podman('secret', 'inspect', '--showsecret', '--format', '{{.SecretData}}', `${stack}-${name}`);
}

/** What an instance answers on its operations port, asked inside its container: `200 {"status":"ready",…}`. */
export async function asks(service: string, path: string): Promise<string> {
  const check = ['/usr/local/bin/node', 'ops/containers/health-check.mjs', path];
  return podman('exec', containerOf(service), ...check).catch((error: { stdout?: string }) => error.stdout ?? '');
}

/**
 * Asks until the answer is as wanted, and fails with the last one. `withinMs` is a limit for a machine that has nothing
 * else to do; a busy one gets `patience` times as long.
 */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (value: T) => boolean, withinMs: number) {
  const giveUpAt = Date.now() + withinMs * patience;
  for (;;) {
    const value = await ask();
    if (isWanted(value)) return value;
    if (Date.now() > giveUpAt) throw new Error(`Not within ${withinMs} ms; the last was ${JSON.stringify(value)}`);
    await delay(200);
  }
}
