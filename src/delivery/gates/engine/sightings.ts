import { Injectable, Logger } from '@nestjs/common';
import { ReservedDatabase } from '../../../platform/database/database.js';
import { GateRuns, type HostSighting } from '../gates.events.js';
import { Outage } from './outage.js';

/** Reports observations of hosts one after the other, so that the last one of a host is the one that stays. */
@Injectable()
export class Sightings {
  private readonly outage = new Outage(new Logger('GateEngine'), 'Keeping what hosts run');
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: ReservedDatabase,
    private readonly gateRuns: GateRuns,
  ) {}

  /** Resolves when all observations so far are reported. It never rejects: a lost observation affects no verdict. */
  get told(): Promise<void> {
    return this.queue;
  }

  tell(sighting: HostSighting): void {
    this.queue = this.queue.then(() => this.keep(sighting));
  }

  private async keep(sighting: HostSighting): Promise<void> {
    try {
      await this.database.transaction((tx) => this.gateRuns.seen(tx, sighting));
      this.outage.succeeded();
    } catch (error) {
      this.outage.failed(error);
    }
  }
}
