import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillStack } from '../drills/stack.ts';
import { say } from '../scripts/terminal.mjs';
import type { Ledger } from './checks/ledger.ts';
import { readLedger } from './read-ledger.ts';
import { Target, targetName } from './target.ts';

/** Of PostgreSQL's disk: enough for an hour of chaos, and soon full. In memory, so that filling it takes a moment. */
const diskSize = '700m';
/** It soon gives up on who was restarted often, as a PostgreSQL with a full disk was; that is no reason here. */
const healthy = 'for try in 1 2 3 4; do ops/scripts/wait-healthy --timeout 200 && exit; done; exit 1';

/** A stack in a project of its own, with a small disk for PostgreSQL and a host for the slots. */
export class ChaosStack extends DrillStack {
  readonly target: Target;
  readonly given: NodeJS.ProcessEnv;
  private readonly targetPort: number;

  constructor(signal: AbortSignal, environment: NodeJS.ProcessEnv) {
    const given = {
      COMPOSE_PROJECT_NAME: 'plimsoll-chaos',
      PROXY_PORT: '18693',
      ...environment,
      PROBE_ALLOW: targetName,
    };
    super(signal, given);
    this.given = given;
    this.targetPort = Number(given.PROXY_PORT) + 1;
    this.target = new Target(this.targetPort);
  }

  override async start(): Promise<void> {
    await this.shell.run(
      'volume=${COMPOSE_PROJECT_NAME}_postgres-data; podman volume exists "$volume" || podman volume create ' +
        '--label "io.podman.compose.project=$COMPOSE_PROJECT_NAME" --opt type=tmpfs --opt device=tmpfs ' +
        `--opt "o=size=${diskSize},uid=999,gid=999" "$volume"`,
    );
    await super.start();
    await this.target.start(this.shell, this.targetPort);
  }

  override async end(): Promise<void> {
    await this.lasting.run('ops/chaos/failover --clean');
    await Target.end(this.lasting);
    await super.end();
  }

  async untilHealthy(): Promise<void> {
    say('Waiting until everything is healthy');
    await this.shell.run(healthy, 900);
  }

  async ledger(slots: readonly string[]): Promise<Ledger> {
    const kept = await readLedger(this.given['COMPOSE_PROJECT_NAME'] ?? '', slots);
    // Gates go on. Asked last, the host has answered everything that the ledger has.
    return { ...kept, evidence: await this.target.evidence() };
  }

  async journalFile(name: string): Promise<string> {
    const folder = join(this.folder, 'journals');
    await mkdir(folder, { recursive: true });
    return join(folder, `${name}.ndjson`);
  }
}
