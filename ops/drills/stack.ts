import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { say } from '../scripts/terminal.mjs';
import { defaultFactor } from './drill.ts';
import { type Environment, Shell } from './shell.ts';

/** Shortened windows have to hold several scrapes. */
const mostScrapeSeconds = 2;
const compose = 'podman-compose -f podman-compose.yml';

/** The production-like stack in which drills break things. Never somebody's own: it has a project of its own. */
export class DrillStack {
  readonly shell: Shell;
  /** For what has to be put in order also after an interruption. */
  readonly lasting: Shell;
  readonly folder: string;
  readonly environment: Environment;
  private readonly signal: AbortSignal;
  private startedHere = false;
  private factor = 0;

  /** Before each start of the whole stack. */
  private readonly beforeStart: (shell: Shell) => Promise<unknown>;

  constructor(
    signal: AbortSignal,
    given: NodeJS.ProcessEnv,
    beforeStart: (shell: Shell) => Promise<unknown> = async () => undefined,
  ) {
    this.beforeStart = beforeStart;
    const project = given['COMPOSE_PROJECT_NAME'] ?? 'plimsoll-drills';
    this.folder = join(clone, '.plimsoll', 'drills', project);
    this.environment = {
      COMPOSE_PROJECT_NAME: project,
      SECRETS_FOLDER: given['SECRETS_FOLDER'] ?? join(this.folder, 'secrets'),
      PROXY_ADDRESS: '127.0.0.1',
      PROXY_PORT: given['PROXY_PORT'] ?? '18643',
      PROBE_ALLOW: given['PROBE_ALLOW'] ?? 'app-1,app-2',
      OPS_MAX_ACCESS: 'write',
      PROMETHEUS_CONFIG: join(this.folder, 'prometheus'),
    };
    this.signal = signal;
    this.shell = new Shell(this.environment, signal);
    this.lasting = new Shell(this.environment, new AbortController().signal);
  }

  /** The same one, with more in its environment. */
  shellWith(added: Environment): Shell {
    return new Shell({ ...this.environment, ...added }, this.signal);
  }

  /** Starts what does not run. */
  async start(): Promise<void> {
    const running = await this.shell.run(
      'podman ps --quiet --filter "label=io.podman.compose.project=$COMPOSE_PROJECT_NAME"',
    );
    if (running !== '') return;
    say('Starting the stack');
    this.startedHere = true;
    await this.writeRules(defaultFactor);
    await this.shell.run('ops/scripts/init-secrets');
    await this.up();
  }

  /** Has Prometheus evaluate the rules with `for` and windows divided by the factor. */
  async shorten(factor: number): Promise<void> {
    if (factor === this.factor) return;
    await this.writeRules(factor);
    await this.recreatePrometheus();
  }

  /** What a failed drill has left broken is made anew, with its data; but never what was there before. */
  async reset(): Promise<void> {
    if (!this.startedHere) return;
    say('Making the stack anew');
    await this.shell.run(`${compose} down --volumes --timeout 2`, 120);
    await this.up();
  }

  /** What was started here is gone afterwards; what was there has its rules back. */
  async end(): Promise<void> {
    if (this.startedHere) {
      await this.lasting.run(`${compose} down --volumes --timeout 2`, 120);
      await this.lasting.run(
        'podman secret ls --quiet --filter "name=^$COMPOSE_PROJECT_NAME-" | xargs -r podman secret rm',
      );
    } else {
      await this.recreatePrometheus('PROMETHEUS_CONFIG=./ops/prometheus ');
    }
  }

  private async up(): Promise<void> {
    await this.beforeStart(this.shell);
    await this.shell.run('ops/scripts/up --timeout 400', 1500);
  }

  private async writeRules(factor: number): Promise<void> {
    const scrape = Math.min(mostScrapeSeconds, 120 / factor);
    await this.shell.run(
      `node ops/monitoring/main.ts --factor ${factor} --scrape ${factor === 1 ? 15 : scrape} --out "$PROMETHEUS_CONFIG"`,
    );
    this.factor = factor;
  }

  private async recreatePrometheus(setting = ''): Promise<void> {
    await this.lasting.run(`${setting}${compose} up --detach --no-deps --force-recreate prometheus`);
    await this.lasting.run('ops/scripts/wait-healthy prometheus');
  }
}
