import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The API of the stack, through its proxy, as its first admin. */
export class Proxy {
  // On loopback, by a certificate of an authority that the proxy has just made.
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private readonly authorization: string;
  private readonly port: string;
  private readonly timeoutMs: number;

  /** Of the project of this environment; whoever is not answered for so long hears no more of it. */
  constructor(environment: NodeJS.ProcessEnv = process.env, timeoutMs = 30_000) {
    const { COMPOSE_PROJECT_NAME: project = 'plimsoll', PROXY_PORT: port = '8443' } = environment;
    this.authorization = `Bearer ${firstToken(project)}`;
    this.port = port;
    this.timeoutMs = timeoutMs;
  }

  send(method: string, path: string, body?: object, added: object = {}): Promise<Answer> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: this.authorization, ...content, ...added };
    const { agent, port, timeoutMs: timeout } = this;
    return new Promise((resolve, reject) => {
      const asked = request({ agent, host: 'localhost', port, method, path, headers, timeout });
      asked.on('response', (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, body: said }), reject);
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer in ${timeout / 1000} s`)));
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function firstToken(project: string): string {
  const format = ['--showsecret', '--format', '{{.SecretData}}'];
  const name = `${project}-bootstrap-admin-token`;
  return execFileSync('podman', ['secret', 'inspect', ...format, name], { encoding: 'utf8' }).trim();
}
