import { Injectable } from '@nestjs/common';
import type { Cache } from '../cache/cache.js';
import { Caches } from '../cache/caches.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { bearerJwt, bearerSha256, invalidToken } from './bearer.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import type { Principal, Role } from './principal.js';
import { type Origin, RateLimit } from './rate-limit.js';

/** What an instance sends when a token is revoked; every one then forgets what it knows. */
export const TOKENS_CHANGED = 'tokens_changed';

const MOST_KNOWN = 10_000;
const KNOWN = { most: MOST_KNOWN, believedForMs: 30_000 };
/** A new token is random, so nobody can have tried it before; the one of the settings is announced when it is made. */
const UNKNOWN = { most: MOST_KNOWN, believedForMs: 10_000 };

// Looked up by hash: what the time of the answer tells is about the hash, and nobody gets from there to a token.
const FIND = 'SELECT id, name, role, service, expires_at FROM tokens WHERE sha256 = $1 AND revoked_at IS NULL';

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly service: string | null;
  readonly expires_at: Date | null;
}

interface KnownToken {
  readonly principal: Principal;
  readonly expiresAt: number;
}

/**
 * Who a token speaks for. Tokens are kept in memory for 30 s and forgotten on every instance when one is revoked; an
 * instance that could not hear of that for a second asks the database each time.
 */
@Injectable()
export class Authenticator {
  private readonly tokens: Cache<KnownToken>;
  /** Hashes of tokens that were valid once: to look them up again counts against nobody's address. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rateLimit: RateLimit,
    private readonly oidc: OidcTokens,
    caches: Caches,
  ) {
    this.tokens = caches.ofWhatChanges('tokens', TOKENS_CHANGED, { ...KNOWN, absent: UNKNOWN });
  }

  /**
   * 401 unless the header holds a valid token; 429 if this address has tried too many that are unknown. A promise only
   * if the database must be asked, or a token of an issuer verified.
   */
  authenticate(authorization: string | undefined, origin: () => Origin): Principal | Promise<Principal> {
    const jwt = this.oidc.areTaken ? bearerJwt(authorization) : undefined;
    if (jwt !== undefined) return this.oidc.authenticate(jwt, origin);
    const sha256 = bearerSha256(authorization);
    const token = this.tokens.get(
      sha256,
      () => this.lookUp(sha256),
      () => this.seen.has(sha256) || this.rateLimit.countUnknownToken(origin()),
    );
    return token instanceof Promise ? token.then((found) => this.admit(found)) : this.admit(token);
  }

  private async lookUp(sha256: string): Promise<KnownToken | null> {
    const [row] = await this.database.query<TokenRow>('token', FIND, [Buffer.from(sha256, 'base64url')]);
    if (!row) return null;
    this.remember(sha256);
    return knownToken(row);
  }

  private remember(sha256: string): void {
    const [oldest] = this.seen;
    if (this.seen.size >= MOST_KNOWN && oldest !== undefined) this.seen.delete(oldest);
    this.seen.add(sha256);
  }

  private admit(token: KnownToken | null): Principal {
    if (!token || this.clock.now().getTime() >= token.expiresAt) {
      throw invalidToken();
    }
    return token.principal;
  }
}

function knownToken({ id, name, role, service, expires_at }: TokenRow): KnownToken {
  return {
    principal: { tokenId: id, name, role, service },
    expiresAt: expires_at?.getTime() ?? Infinity,
  };
}
