import { prunable, returnable } from './prune.model.js';

const container = (deployment: string, isRunning = false) => ({
  name: `demo-${deployment}-1`,
  deployment,
  digest: `sha256:${deployment}`,
  replica: 1,
  isRunning,
  restarts: 0,
});
const version = (deployment: string) => ({ deployment, digest: `sha256:${deployment}` });

describe('what is pruned', () => {
  const containers = [container('d', true), container('c'), container('b'), container('a')];
  const images = containers.map(({ digest }) => digest);

  it('is what neither serves nor served before, and what the ledger would not go back to', () => {
    const kept = { versions: [version('d'), version('c')], digests: ['sha256:b'] };
    const { containers: gone, digests } = prunable(containers, images, kept);
    expect(gone.map(({ deployment }) => deployment)).toEqual(['b', 'a']);
    expect(digests).toEqual(['sha256:a']);
  });

  it('is never a container that runs, whoever started it', () => {
    const kept = { versions: [version('c')], digests: [] };
    expect(prunable(containers, images, kept).containers.map(({ deployment }) => deployment)).toEqual(['b', 'a']);
  });

  it('is nothing of a first version', () => {
    const kept = { versions: [version('d'), null], digests: [] };
    expect(prunable([container('d', true)], ['sha256:d'], kept)).toEqual({ containers: [], digests: [] });
  });
});

/** A capital is a bad one. */
const promoted = (...digests: string[]) =>
  digests.map((digest) => ({ digest: digest.toLowerCase(), isBad: digest !== digest.toLowerCase() }));

describe('what a rollback may go back to', () => {
  it.each([
    ['the two good ones before', ['d', 'c', 'b', 'a'], ['c', 'b']],
    ['what ran before it was deployed again', ['d', 'd', 'c', 'b', 'a'], ['c', 'b']],
    ['good ones behind bad ones, and these', ['d', 'C', 'b', 'A', 'z', 'y'], ['c', 'b', 'a', 'z']],
    ['all, where fewer are good', ['d', 'C', 'b', 'A'], ['c', 'b', 'a']],
    ['a release once, and bad if it was so once', ['d', 'c', 'C', 'b', 'a', 'z'], ['c', 'b', 'a']],
    ['nothing before a first one', ['d'], []],
  ])('is %s', (_what, digests, kept) => {
    expect(returnable(promoted(...digests), 'd')).toEqual(kept);
  });
});
