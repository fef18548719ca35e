import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Readiness } from '../health/readiness.js';
import { problem } from '../listener/ops-answers.js';
import type { OpsAnswer, OpsRoute } from '../listener/ops-routes.js';
import { type DiagnosticKind, diagnosticKinds, type Recordings, recordings } from './recordings.js';

const ONE_EVERY_MS = 10 * 60 * 1000;

interface Surroundings {
  /** A private volume. Without one there are no diagnostics. */
  directory: string | undefined;
  /** How long balancers need to notice that this instance is not ready. */
  noticeMs: number;
  readiness: Readiness;
  logger: Logger;
}

/** Records what a person needs to understand the process: one at a time, one in ten minutes, into files. */
export class Diagnostics {
  #begunAt = Number.NEGATIVE_INFINITY;
  #isRecording = false;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly kinds: Recordings = recordings,
    private readonly now: () => number = () => performance.now(),
  ) {}

  routes(): OpsRoute[] {
    const { directory } = this.surroundings;
    if (directory === undefined) return [];
    const answer = ({ parameter }: { parameter: string }) => this.#begin(parameter, directory);
    return [{ method: 'POST', path: '/diagnostics/{kind}', access: 'write', answer }];
  }

  #begin(name: string, directory: string): OpsAnswer {
    const kind = diagnosticKinds.find((known) => known === name);
    if (!kind) return problem(404, `There are ${diagnosticKinds.join(', ')}.`);
    if (this.#isRecording) return problem(409, 'Something is being recorded already.');
    const waitMs = this.#begunAt + ONE_EVERY_MS - this.now();
    if (waitMs > 0) {
      return problem(429, 'One in ten minutes.', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    }
    this.#begunAt = this.now();
    const id = `${kind}-${randomUUID()}`;
    void this.#record(kind, id, join(directory, `${id}.${this.kinds[kind].extension}`));
    return { status: 202, body: { id }, change: { before: null, after: { id } } };
  }

  async #record(kind: DiagnosticKind, id: string, path: string): Promise<void> {
    const { logger } = this.surroundings;
    const { isStalling, record } = this.kinds[kind];
    this.#isRecording = true;
    try {
      await (isStalling ? this.#outOfService(() => record(path)) : record(path));
      logger.info({ context: 'Diagnostics', id, path }, 'recorded');
    } catch (err) {
      logger.error({ context: 'Diagnostics', id, err }, 'could not be recorded');
    } finally {
      this.#isRecording = false;
    }
  }

  async #outOfService(work: () => Promise<void>): Promise<void> {
    const { readiness, noticeMs } = this.surroundings;
    const wasInMaintenance = readiness.isInMaintenance;
    readiness.isInMaintenance = true;
    await new Promise((resolve) => setTimeout(resolve, noticeMs));
    try {
      await work();
    } finally {
      readiness.isInMaintenance = wasInMaintenance;
    }
  }
}
