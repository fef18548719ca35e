import type { Logger } from '@nestjs/common';
import { DomainError } from '../../../platform/http/problems/domain-error.js';

/** Logs a failure once, however often it is tried again, and its end. */
export class Outage {
  private isOn = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (this.isOn) return;
    this.isOn = true;
    // An unavailable database comes back, and has its own alert. Any other failure needs a person.
    // The log gets the cause, because the text of the problem is advice for clients.
    if (isAway(error)) this.logger.warn({ err: error.cause ?? error, msg: `${this.what} waits for the database` });
    else this.logger.error({ err: error, msg: `${this.what} fails, and is tried again` });
  }

  succeeded(): void {
    if (this.isOn) this.logger.log(`${this.what} goes on`);
    this.isOn = false;
  }
}

/** Whether it failed because the database is unavailable or its schema is behind. The caller is then not at fault. */
export function isAway(error: unknown): error is DomainError {
  return error instanceof DomainError && error.status === 503;
}
