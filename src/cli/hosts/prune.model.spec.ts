import { prunable } from './prune.model.js';

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
