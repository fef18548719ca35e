import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clone } from '../scripts/clone.mjs';
import type { Shell } from '../drills/shell.ts';
import type { Evidence } from './checks/ledger.ts';

export const targetName = 'chaos-target';
const container = `"\${COMPOSE_PROJECT_NAME}_${targetName}_1"`;

interface Running {
  readonly attempt: string;
  readonly fence: number;
  readonly digest: string;
  readonly isGood: boolean;
}

/** The host of all slots: a container beside the stack, that tells by itself what it was asked. */
export class Target {
  /** By which gates reach it. */
  readonly urlInside: string;
  private readonly url: string;

  constructor(port: number, urlInside = `http://${targetName}:8080`) {
    this.url = `http://127.0.0.1:${port}`;
    this.urlInside = urlInside;
  }

  /** Until it answers. */
  async start(shell: Shell, port: number): Promise<void> {
    await Target.end(shell);
    await shell.run(
      `podman run --detach --name ${container} --read-only ` +
        `--network "\${COMPOSE_PROJECT_NAME}_edge:alias=${targetName}" --network "\${COMPOSE_PROJECT_NAME}_inside:alias=${targetName}" ` +
        `--cap-drop ALL --memory 128m --pids-limit 64 --publish 127.0.0.1:${port}:8080 --pull never ` +
        `--volume "${join(clone, 'ops/chaos/target.mjs')}:/chaos/target.mjs:ro,z" ` +
        `--entrypoint /usr/local/bin/node "\${IMAGE:-localhost/plimsoll:0.1.0}" /chaos/target.mjs`,
    );
    for (let tries = 0; ; tries += 1) {
      const isUp = await this.evidence().then(
        () => true,
        () => false,
      );
      if (isUp) return;
      if (tries > 100) throw new Error(`${targetName} does not answer at ${this.url}`);
      await delay(200);
    }
  }

  static async end(shell: Shell): Promise<void> {
    await shell.run(`podman rm --force --ignore --time 0 ${container}`);
  }

  async run(slot: string, running: Running): Promise<void> {
    const answer = await this.ask(`/hosts/${slot}`, { method: 'PUT', body: JSON.stringify(running) });
    if (!answer.ok && answer.status !== 409) throw new Error(`${targetName} answered ${answer.status}`);
  }

  async evidence(): Promise<Record<string, Evidence>> {
    return (await (await this.ask('/evidence')).json()) as Record<string, Evidence>;
  }

  private ask(path: string, options: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...options, signal: AbortSignal.timeout(20_000) });
  }
}
