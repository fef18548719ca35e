import { Agent, request } from 'node:https';
import { run } from '../../scripts/child-process.mjs';
import { Failure } from '../../scripts/terminal.mjs';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Runs in an instance, which has Node and the network of Prometheus. */
const ask = `
const text = async (stream) => Buffer.concat(await stream.toArray()).toString();
const answers = [];
for (const path of JSON.parse(await text(process.stdin))) {
  const response = await fetch(process.env.PROMETHEUS_URL + path, { signal: AbortSignal.timeout(10_000) });
  answers.push(await response.json());
}
process.stdout.write(JSON.stringify(answers));`;

/** The running compose stack: its API through the proxy as its administrator, and its Prometheus, which is not published. */
export class Stack {
  readonly #project: string;
  readonly #port: number;
  readonly #token: string;
  readonly #agent: Agent;

  private constructor(project: string, port: number, token: string, ca: string) {
    this.#project = project;
    this.#port = port;
    this.#token = token;
    this.#agent = new Agent({ ca, keepAlive: true, maxSockets: 8 });
  }

  static async connect(project: string): Promise<Stack> {
    const proxy = `${project}_proxy_1`;
    const published = await podman(['port', proxy, '8443']);
    const root = '/data/caddy/pki/authorities/local/root.crt';
    const ca = await podman(['exec', proxy, 'cat', root]);
    const token = await secretOf(project, 'bootstrap-admin-token');
    return new Stack(project, Number(published.split(':').at(-1)), token, ca);
  }

  send(method: string, path: string, body?: object, added: object = {}): Promise<Answer> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${this.#token}`, ...content, ...added };
    const where = { agent: this.#agent, host: 'localhost', port: this.#port, method, path, headers };
    return new Promise((resolve, reject) => {
      const outgoing = request(where, async (incoming) => {
        const text = Buffer.concat(await incoming.toArray()).toString();
        resolve({ status: incoming.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : {} });
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** What Prometheus answers to these paths of its API, in their order. */
  async prometheus(paths: readonly string[]): Promise<unknown[]> {
    const node = ['/usr/local/bin/node', '--input-type=module', '--eval', ask];
    const output = await podman(['exec', '--interactive', `${this.#project}_app-1_1`, ...node], JSON.stringify(paths));
    return JSON.parse(output);
  }

  async grafana(): Promise<{ url: string; password: string }> {
    const published = await podman(['port', `${this.#project}_grafana_1`, '3000']);
    return { url: `http://${published}`, password: await secretOf(this.#project, 'grafana-password') };
  }

  close(): void {
    this.#agent.destroy();
  }
}

function secretOf(project: string, name: string): Promise<string> {
  return podman(['secret', 'inspect', '--showsecret', '--format', '{{.SecretData}}', `${project}-${name}`]);
}

async function podman(args: string[], input?: string): Promise<string> {
  const { exitCode, output } = await run('podman', args, input === undefined ? {} : { input });
  if (exitCode !== 0) throw new Failure(`podman ${args[0]} ended with ${exitCode}; is the stack up? ${output}`);
  return output.trim();
}
