import { z } from 'zod';
import { digest, instant, slug, text } from '../../platform/http/input/fields.js';
import { pageQuery } from '../../platform/http/page.js';

/** SHA-1 as most repositories have it, or SHA-256. */
const gitSha = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full commit id: 40 or 64 lower-case hexadecimal digits');

const commit = z.strictObject({
  sha: gitSha,
  committedAt: instant,
  authoredAt: instant.optional(),
  message: text(10_000).optional(),
  merge: z.boolean().optional(),
});

export const releaseBody = z
  .strictObject({
    version: text(200, 1),
    gitSha,
    builtAt: instant.nullable().default(null),
    commits: z.array(commit).max(5000, 'must have at most 5000 commits').default([]),
  })
  .meta({ id: 'PutRelease' });
export type ReleaseBody = z.output<typeof releaseBody>;

export const releasePath = z.strictObject({ service: slug, digest });
export type ReleasePath = z.output<typeof releasePath>;

export const releasesPath = z.strictObject({ service: slug });
export type ReleasesPath = z.output<typeof releasesPath>;

export const releasesQuery = pageQuery;
export type ReleasesQuery = z.output<typeof releasesQuery>;

const time = z.iso.datetime();

export const releaseView = z
  .object({
    service: z.string(),
    digest: z.string(),
    version: z.string(),
    gitSha: z.string(),
    builtAt: time.nullable(),
    commits: z.array(
      z.object({
        sha: z.string(),
        committedAt: time,
        authoredAt: time.optional(),
        message: z.string().optional(),
        merge: z.boolean().optional(),
      }),
    ),
    createdAt: time,
  })
  .meta({ id: 'Release' });
export type ReleaseView = z.output<typeof releaseView>;

export const releaseSummaryView = releaseView
  .omit({ commits: true })
  .extend({ commitCount: z.int() })
  .meta({ id: 'ReleaseSummary' });
export type ReleaseSummaryView = z.output<typeof releaseSummaryView>;

export const releasesView = z.object({ items: z.array(releaseSummaryView) }).meta({ id: 'Releases' });
