import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Releases and their commits. */
export const releasesWords: Words = {
  digest: ['The digest of the image.', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  version: ['What people call the release.', '1.4.2'],
  gitSha: ['The commit that it was made of, in full.', '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5'],
  builtAt: ['When it was built; null if nobody said so.', '2026-03-02T09:00:00.000Z'],
  commits: [
    'The commits that it carries and the one before did not, at most 5000.',
    [{ sha: '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5', committedAt: '2026-03-02T08:30:00.000Z' }],
  ],
  sha: ['The id of the commit, in full.', '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5'],
  committedAt: ['When it was committed: the lead time of changes counts from there.', '2026-03-02T08:30:00.000Z'],
  authoredAt: ['When it was written.', '2026-03-01T17:00:00.000Z'],
  message: ['The message of the commit.', 'Retry payments once'],
  merge: ['Whether it merges others, and so is no change of its own.', false],
  commitCount: ['How many commits it carries.', 1],
  PutRelease: [
    'What makes a release. It never changes.',
    {
      version: '1.4.2',
      gitSha: '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5',
      builtAt: '2026-03-02T09:00:00.000Z',
      commits: [{ sha: '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5', committedAt: '2026-03-02T08:30:00.000Z' }],
    },
  ],
};
