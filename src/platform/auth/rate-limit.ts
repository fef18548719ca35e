import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { DomainError } from '../http/problems/domain-error.js';
import { httpErrors } from '../http/problems/http.errors.js';

const WINDOW_MS = 60_000;
/** Alertmanager drops what is refused with 429. */
const UNLIMITED = '/v1/webhooks/';

/** Keeps one token from taking the service away from the others. Each instance counts for itself. */
@Injectable()
export class RateLimit {
  private counts = new Map<string, number>();
  private windowEndsAt = 0;

  constructor(private readonly runtime: RuntimeConfig) {}

  /** @throws DomainError `too-many-requests`, if a limit is configured and this token has used it up */
  count(tokenId: string, route: string): void {
    const most = this.runtime.values.rateLimits.requestsPerMinute;
    if (most === null || route.startsWith(UNLIMITED)) return;
    const now = performance.now();
    if (now >= this.windowEndsAt) this.begin(now);
    const count = (this.counts.get(tokenId) ?? 0) + 1;
    this.counts.set(tokenId, count);
    if (count > most) throw tooMany(most, Math.ceil((this.windowEndsAt - now) / 1000));
  }

  private begin(now: number): void {
    this.counts = new Map();
    this.windowEndsAt = now + WINDOW_MS;
  }
}

function tooMany(most: number, seconds: number): DomainError {
  const detail = `This token may ask ${most} times a minute; go on in ${seconds} s.`;
  return new DomainError(httpErrors.tooManyRequests, detail, {}, { headers: { 'retry-after': String(seconds) } });
}
