import type { Logger } from '@nestjs/common';
import { DomainError } from '../../../platform/http/problems/domain-error.js';

/** Tells the log of a failure once, however often it is tried again, and of its end. */
export class Outage {
  private isOn = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (this.isOn) return;
    this.isOn = true;
    // A database that is away comes back, and has an alert of its own; anything else takes a person.
    // The log gets the cause: what the problem itself says is advice for clients.
    if (isAway(error)) this.logger.warn({ err: error.cause ?? error, msg: `${this.what} waits for the database` });
    else this.logger.error({ err: error, msg: `${this.what} fails, and is tried again` });
  }

  succeeded(): void {
    if (this.isOn) this.logger.log(`${this.what} goes on`);
    this.isOn = false;
  }
}

/** Whether it failed because the database is away, or behind: whoever asked has done nothing wrong. */
export function isAway(error: unknown): error is DomainError {
  return error instanceof DomainError && error.status === 503;
}
