import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import type { RuntimeSettings } from '../../operations/runtime-config/runtime-settings.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { PeriodicJobs } from '../jobs/periodic-jobs.js';

const EVERY_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Few enough that a statement holds nobody up. */
const ROWS_AT_ONCE = 2000;

/** Deletes what was kept for as long as the runtime configuration says. */
@Injectable()
export class Retention {
  constructor(
    private readonly jobs: PeriodicJobs,
    private readonly database: Database,
    private readonly runtime: RuntimeConfig,
    private readonly clock: Clock,
  ) {}

  /** `deleteSome` deletes some $2 of the rows that are older than $1; it is repeated until it finds none. */
  keep(name: string, daysOf: (retention: RuntimeSettings['retention']) => number, deleteSome: string): void {
    this.jobs.every(`${name}-retention`, EVERY_MS, async (signal) => {
      const days = daysOf(await this.known());
      const before = new Date(this.clock.now().getTime() - days * DAY_MS);
      while (!signal.aborted && (await this.delete(deleteSome, before)) > 0);
    });
  }

  /** Not the default while it may be overridden: what is deleted is gone. */
  private async known(): Promise<RuntimeSettings['retention']> {
    if (!this.runtime.stored) await this.runtime.refresh();
    if (!this.runtime.stored) throw new Error('how long to keep things is not known yet');
    return this.runtime.values.retention;
  }

  private async delete(deleteSome: string, before: Date): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [, deleted] = await tx.query<[unknown[], number]>(deleteSome, [before, ROWS_AT_ONCE]);
      return deleted;
    });
  }
}
