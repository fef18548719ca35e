import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { Notifications } from '../database/notifications.js';
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
  readonly readAt: number;
}

/**
 * Who a token speaks for. Tokens are kept in memory for 30 s and forgotten at once, on every instance, when one is
 * revoked; while an instance cannot hear of that, it asks the database each time.
 */
@Injectable()
export class Authenticator {
  private known = new Map<string, KnownToken>();

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {
    notifications.listen(TOKENS_CHANGED, () => this.forget());
    notifications.onReconnect(() => this.forget());
  }

  /** 401 unless the header holds a valid token. A promise only if the database must be asked. */
  authenticate(authorization: string | undefined): Principal | Promise<Principal> {
    const sha256 = bearerSha256(authorization);
    const token = this.notifications.isListening ? this.known.get(sha256) : undefined;
    if (token && performance.now() - token.readAt < BELIEVED_FOR_MS) {
      return this.admit(token);
    }
    return this.find(sha256);
  }

  private async find(sha256: string): Promise<Principal> {
    // A revocation in the meantime puts another map there, and this answer goes into the forgotten one.
    const { known } = this;
    const [row] = await this.database.query<TokenRow>('token', FIND, [Buffer.from(sha256, 'base64url')]);
    if (!row) {
      throw invalidToken();
    }
    const token = knownToken(row);
    if (known.size < MOST_KNOWN) {
      known.set(sha256, token);
    }
    return this.admit(token);
  }

  private admit({ principal, expiresAt }: KnownToken): Principal {
    if (this.clock.now().getTime() >= expiresAt) {
      throw invalidToken();
    }
    return principal;
  }

  private forget(): void {
    this.known = new Map();
  }
}

function knownToken({ id, name, role, service, expires_at }: TokenRow): KnownToken {
  return {
    principal: { tokenId: id, name, role, service },
    expiresAt: expires_at?.getTime() ?? Infinity,
    readAt: performance.now(),
  };
}
