import { Injectable } from '@nestjs/common';
import type { Cache } from '../cache/cache.js';
import { Caches } from '../cache/caches.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { bearerSha256, invalidToken } from './bearer.js';
import type { Principal, Role } from './principal.js';

/** What an instance sends when a token is revoked; every one then forgets what it knows. */
export const TOKENS_CHANGED = 'tokens_changed';

const BELIEVED_FOR_MS = 30_000;
const MOST_KNOWN = 10_000;

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
 * Who a token speaks for. Tokens are kept in memory for 30 s and forgotten at once, on every instance, when one is
 * revoked; while an instance cannot hear of that, it asks the database each time.
 */
@Injectable()
export class Authenticator {
  private readonly tokens: Cache<KnownToken>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    caches: Caches,
  ) {
    this.tokens = caches.ofWhatChanges('tokens', TOKENS_CHANGED, { most: MOST_KNOWN, believedForMs: BELIEVED_FOR_MS });
  }

  /** 401 unless the header holds a valid token. A promise only if the database must be asked. */
  authenticate(authorization: string | undefined): Principal | Promise<Principal> {
    const sha256 = bearerSha256(authorization);
    const token = this.tokens.get(sha256, () => this.find(sha256));
    return token instanceof Promise ? token.then((found) => this.admit(found)) : this.admit(token);
  }

  private async find(sha256: string): Promise<KnownToken | null> {
    const [row] = await this.database.query<TokenRow>('token', FIND, [Buffer.from(sha256, 'base64url')]);
    return row ? knownToken(row) : null;
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
