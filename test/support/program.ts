import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../ops/scripts/ports.mjs';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const POLL_EVERY_MS = 20;
const DEADLINE_MS = 60_000;

/** The built program in a process of its own, on ports of its own, with what it wrote. */
export class Program {
  output = '';
  errors = '';
  readonly #exited: Promise<number | string>;

  constructor(
    readonly child: ChildProcess,
    readonly url: string,
    readonly opsUrl: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    // `close` comes after `exit`, when everything that was written has been read.
    this.#exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The exit code, or the name of the signal that killed it. */
  exit(): Promise<number | string> {
    return within('the exit of the program', this.#exited, () => this.output + this.errors);
  }

  /** The lines of its log so far. */
  get log(): Array<Record<string, unknown>> {
    const lines = this.output.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Asks the operations listener until it answers with that status. */
  async untilOps(path: string, status: number): Promise<Response> {
    return until(`${status} from ${path}`, async () => {
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`The program ended with ${exitCode ?? signalCode}:\n${this.output}${this.errors}`);
      }
      const response = await fetch(this.opsUrl + path).catch(() => null);
      return response?.status === status ? response : null;
    });
  }

  untilReady(): Promise<Response> {
    return this.untilOps('/readyz', 200);
  }

  /** Has the program, which must have been started with `canBeEntered`, run a statement in a turn of its own. */
  async enter(statement: string): Promise<void> {
    const url = await until('its inspector', async () => this.errors.match(/ws:\S+/)?.[0] ?? null);
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const params = { expression: `void setTimeout(() => { ${statement} })` };
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    await once(socket, 'message');
    // A process that is being inspected does not exit.
    socket.close();
  }

  /** For `afterEach`: whatever a test has left of it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }
}

/** Starts `dist/main.js`, or another program, with these settings alone; nothing of the environment of the tests goes in but PATH. */
export async function startProgram(
  settings: Record<string, string>,
  { canBeEntered = false, file = program } = {},
): Promise<Program> {
  const port = Number(settings['PORT'] ?? (await freePort()));
  let opsPort = Number(settings['OPS_PORT'] ?? (await freePort()));
  while (opsPort === port) opsPort = await freePort();
  const env = {
    PATH: process.env['PATH'],
    APP_ENV: 'test',
    LOG_LEVEL: 'info',
    PORT: String(port),
    OPS_PORT: String(opsPort),
    SHUTDOWN_DELAY_MS: '0',
    ...settings,
  };
  const flags = canBeEntered ? ['--inspect=127.0.0.1:0'] : [];
  const child = spawn(process.execPath, [...flags, file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Program(child, `http://127.0.0.1:${port}`, `http://127.0.0.1:${opsPort}`);
}

/** Polls until there is an answer; fails with what it waited for when the time is up, 30 s unless it is given. */
export async function until<Answer>(
  what: string,
  attempt: () => Promise<Answer | null>,
  withinMs = DEADLINE_MS,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await attempt();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
}

async function within<Value>(what: string, value: Promise<Value>, tell: () => string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`waited in vain for ${what}:\n${tell()}`)), DEADLINE_MS);
  return Promise.race([value, late.promise]).finally(() => clearTimeout(timer));
}
