import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { DomainError, type ErrorRow } from '../http/problems/domain-error.js';
import { httpErrors } from '../http/problems/http.errors.js';
import { RequestWindow } from './request-window.js';
import { networkOf } from './source-network.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** However many addresses they come from. */
const UNKNOWN_TOKENS_IN_ALL_PER_SECOND = 500;
/** Alertmanager drops what is refused with 429. */
const NEVER_429 = '/v1/webhooks/';

/** Where a request comes from and where it goes. */
export interface Origin {
  readonly address: string;
  readonly route: string;
}

/** Keeps a token, or an address with no token, from taking the service away from the others. Each instance counts for itself. */
@Injectable()
export class RateLimit {
  private readonly ofTokens = new RequestWindow(MINUTE_MS);
  private readonly ofNetworks = new RequestWindow(SECOND_MS);
  private readonly ofEverybody = new RequestWindow(SECOND_MS);

  constructor(private readonly runtime: RuntimeConfig) {}

  /** @throws DomainError `too-many-requests`, for a webhook `overloaded`, if this token has used up its minute */
  countRequest(tokenId: string, route: string): void {
    const { requestsPerMinute } = this.runtime.values.rateLimits;
    if (this.ofTokens.count(tokenId) <= requestsPerMinute) return;
    throw refusal(rowFor(route), `This token may ask ${requestsPerMinute} times a minute`, this.ofTokens.secondsLeft);
  }

  /** @throws DomainError `too-many-requests` or `overloaded`, if a token that nobody knows is not to be looked up now */
  countUnknownToken({ address, route }: Origin): void {
    const most = this.runtime.values.rateLimits.unknownTokensPerSecond;
    if (this.ofNetworks.count(networkOf(address)) > most) {
      throw refusal(rowFor(route), `An address may try ${most} unknown tokens a second`, this.ofNetworks.secondsLeft);
    }
    if (this.ofEverybody.count('') > UNKNOWN_TOKENS_IN_ALL_PER_SECOND) {
      throw refusal(httpErrors.overloaded, 'Too many unknown tokens are tried', this.ofEverybody.secondsLeft);
    }
  }
}

function rowFor(route: string): ErrorRow {
  return route.startsWith(NEVER_429) ? httpErrors.overloaded : httpErrors.tooManyRequests;
}

function refusal(row: ErrorRow, why: string, seconds: number): DomainError {
  const headers = { 'retry-after': String(seconds) };
  return new DomainError(row, `${why}; go on in ${seconds} s.`, {}, { headers });
}
