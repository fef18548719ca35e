import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { PeriodicJobs } from '../jobs/periodic-jobs.js';

const EVERY_MS = 10 * 60_000;
const KEPT_FOR_MS = 30 * 24 * 60 * 60_000;

// One that was revoked without ever expiring stays, so that BOOTSTRAP_ADMIN_TOKEN cannot come back; so does whatever
// the audit log names, until it forgets.
const DELETE_EXPIRED = `DELETE FROM tokens WHERE expires_at <= $1
  AND NOT EXISTS (SELECT FROM audit_log WHERE token_id = tokens.id)
  AND NOT EXISTS (SELECT FROM idempotent_replies WHERE token_id = tokens.id)`;

/** Deletes tokens 30 days after they have expired. */
@Injectable()
export class ExpiredTokens {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    jobs: PeriodicJobs,
  ) {
    jobs.every('expired-tokens', EVERY_MS, () => this.sweep());
  }

  async sweep(): Promise<void> {
    const expiredBy = new Date(this.clock.now().getTime() - KEPT_FOR_MS);
    await this.database.transaction((tx) => tx.query(DELETE_EXPIRED, [expiredBy]));
  }
}
