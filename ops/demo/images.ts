import { createHash } from 'node:crypto';

/** What a registry would hold, and what `PUT …/releases/{digest}` tells Plimsoll of it. */
export interface Image {
  readonly version: string;
  readonly digest: string;
  readonly gitSha: string;
  readonly builtAt: string;
  readonly commits: readonly { sha: string; committedAt: string; message: string }[];
  /** The fault of 1.1.0: every readiness probe takes a database connection and never gives it back. */
  readonly leaksConnections: boolean;
}

function imageOf(version: string, committedAt: string, message: string, leaksConnections: boolean): Image {
  const hash = (algorithm: string) => createHash(algorithm).update(`checkout ${version}`).digest('hex');
  const gitSha = hash('sha1');
  const builtAt = new Date(Date.parse(committedAt) + 5 * 60_000).toISOString();
  const commits = [{ sha: gitSha, committedAt, message }];
  return { version, digest: `sha256:${hash('sha256')}`, gitSha, builtAt, commits, leaksConnections };
}

export const good = imageOf('1.0.0', '2026-09-01T09:00:00.000Z', 'Take payments', false);
export const broken = imageOf('1.1.0', '2026-09-02T15:30:00.000Z', 'Check the database in the readiness probe', true);
