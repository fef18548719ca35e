/** A commit that a release carries. Times are RFC 3339 in UTC with milliseconds. */
export interface Commit {
  readonly sha: string;
  readonly committedAt: string;
  readonly authoredAt?: string | undefined;
  readonly message?: string | undefined;
  readonly merge?: boolean | undefined;
}

/** What makes a release: an immutable artifact of a service, known by its image digest. */
export interface ReleaseContent {
  readonly version: string;
  readonly gitSha: string;
  readonly builtAt: string | null;
  readonly commits: readonly Commit[];
}

/** How a release is named wherever another thing refers to it. */
export interface ReleaseReference {
  readonly digest: string;
  readonly version: string;
  readonly gitSha: string;
}

const instant = (time: string): string => new Date(time).toISOString();

/** One way of writing each value, so that two writings of the same release compare as equal. */
export function canonicalContent(content: ReleaseContent): ReleaseContent {
  return {
    version: content.version,
    gitSha: content.gitSha,
    builtAt: content.builtAt === null ? null : instant(content.builtAt),
    commits: content.commits.map((commit) => ({
      sha: commit.sha,
      committedAt: instant(commit.committedAt),
      ...(commit.authoredAt !== undefined && { authoredAt: instant(commit.authoredAt) }),
      ...(commit.message !== undefined && { message: commit.message }),
      ...(commit.merge !== undefined && { merge: commit.merge }),
    })),
  };
}

/** The names of the fields in which two canonical contents differ; none means the same release. */
export function differingFields(known: ReleaseContent, put: ReleaseContent): (keyof ReleaseContent)[] {
  const fields = ['version', 'gitSha', 'builtAt', 'commits'] as const;
  return fields.filter((field) => JSON.stringify(known[field]) !== JSON.stringify(put[field]));
}
