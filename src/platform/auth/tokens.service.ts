import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { Notifications } from '../database/notifications.js';
import type { Keyset } from '../http/page.js';
import { DomainError } from '../http/problems/domain-error.js';
import { httpErrors, validationFailed } from '../http/problems/http.errors.js';
import { assertServiceAllowed } from './access.js';
import { TOKENS_CHANGED } from './authenticator.js';
import { tokenSha256 } from './bearer.js';
import type { Principal, Role } from './principal.js';
import type { CreateToken, NewTokenView, TokenView } from './tokens.dto.js';

export interface Token extends Keyset {
  readonly name: string;
  readonly role: Role;
  readonly service: string | null;
  readonly expiresAt: Date | null;
}

const COLUMNS = 'id, name, role, service, created_at AS "createdAt", expires_at AS "expiresAt"';

@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** A principal that is bound to a service makes tokens for that service only. */
  async create(principal: Principal, { name, role, service, expiresAt }: CreateToken): Promise<NewTokenView> {
    assertServiceAllowed(principal, service);
    const createdAt = this.clock.now();
    const expiry = expiresAt === null ? null : new Date(expiresAt);
    if (expiry !== null && expiry <= createdAt) {
      throw validationFailed([{ pointer: '/expiresAt', detail: 'must lie in the future' }]);
    }
    const token = `plm_${randomBytes(32).toString('base64url')}`;
    const view = viewOf({ id: randomUUIDv7(), name, role, service, createdAt, expiresAt: expiry });
    await this.database.transaction(async (tx) => {
      await insertToken(tx, view, token);
      await this.auditLog.record(tx, {
        principal,
        action: 'token.create',
        subject: view.id,
        before: null,
        after: view,
      });
    });
    return { ...view, token };
  }

  /** The valid ones, newest first; `limit + 1` of them. */
  async list(principal: Principal, after: Keyset | null, limit: number): Promise<Token[]> {
    return this.database.query<Token>(
      'tokens',
      `SELECT ${COLUMNS} FROM tokens
       WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1) AND ($2::text IS NULL OR service = $2)
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [this.clock.now(), principal.service, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    );
  }

  /** From now on no instance accepts it. */
  async revoke(principal: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [token] = await tx.query<Token[]>(
        `SELECT ${COLUMNS} FROM tokens WHERE id = $1 AND revoked_at IS NULL FOR UPDATE`,
        [id],
      );
      if (!token) {
        throw new DomainError(httpErrors.notFound, `There is no token ${id}.`);
      }
      assertServiceAllowed(principal, token.service);
      await tx.query('UPDATE tokens SET revoked_at = $2 WHERE id = $1', [id, this.clock.now()]);
      await this.notifications.send(tx, TOKENS_CHANGED, id);
      await this.auditLog.record(tx, {
        principal,
        action: 'token.revoke',
        subject: id,
        before: viewOf(token),
        after: null,
      });
    });
  }
}

export async function insertToken(tx: EntityManager, view: TokenView, token: string): Promise<boolean> {
  const inserted = await tx.query<object[]>(
    `INSERT INTO tokens (id, name, role, service, sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (sha256) DO NOTHING RETURNING id`,
    [
      view.id,
      view.name,
      view.role,
      view.service,
      Buffer.from(tokenSha256(token), 'base64url'),
      view.createdAt,
      view.expiresAt,
    ],
  );
  return inserted.length > 0;
}

export function viewOf({ id, name, role, service, createdAt, expiresAt }: Token): TokenView {
  return { id, name, role, service, createdAt: createdAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null };
}
