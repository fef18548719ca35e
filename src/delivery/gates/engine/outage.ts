import type { Logger } from '@nestjs/common';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import { httpErrors } from '../../../platform/http/problems/http.errors.js';

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
    if (isAway(error)) this.logger.warn(`${this.what} waits: ${error.detail}`);
    else this.logger.error({ err: error }, `${this.what} fails, and is tried again`);
  }

  succeeded(): void {
    if (this.isOn) this.logger.log(`${this.what} goes on`);
    this.isOn = false;
  }
}

function isAway(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === httpErrors.databaseUnavailable.code;
}
