import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Readiness } from '../health/readiness.js';
import type { StallWatch } from '../lifecycle/stall-watch.js';
import { Problem } from '../problems/problem.js';
import { type DiagnosticKind, diagnosticKinds, type Recordings, recordings } from './recordings.js';

const ONE_EVERY_MS = 10 * 60 * 1000;

interface Surroundings {
  /** A private volume. */
  directory: string;
  /** How long load balancers need to notice that this instance is not ready. */
  noticeMs: number;
  readiness: Readiness;
  stallWatch: StallWatch;
  logger: Logger;
}

/** Records data about the process into files: one recording at a time, and one in ten minutes. */
export class Diagnostics {
  #begunAt = Number.NEGATIVE_INFINITY;
  #isRecording = false;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly kinds: Recordings = recordings,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Starts a recording and returns its id. @throws Problem 404, 409, 429 */
  begin(name: string): string {
    const kind = diagnosticKinds.find((known) => known === name);
    if (!kind) throw new Problem(404, `There are ${diagnosticKinds.join(', ')}.`);
    if (this.#isRecording) throw new Problem(409, 'Something is being recorded already.');
    const waitMs = this.#begunAt + ONE_EVERY_MS - this.now();
    if (waitMs > 0) {
      throw new Problem(429, 'One in ten minutes.', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    }
    this.#begunAt = this.now();
    const id = `${kind}-${randomUUID()}`;
    void this.#record(kind, id, join(this.surroundings.directory, `${id}.${this.kinds[kind].extension}`));
    return id;
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
    const { readiness, stallWatch, noticeMs } = this.surroundings;
    await readiness.outDuring(async () => {
      await new Promise((resolve) => setTimeout(resolve, noticeMs));
      await stallWatch.lookAwayDuring(work);
    });
  }
}
