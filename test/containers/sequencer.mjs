import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** @typedef {{ path: string }} Test */
const rank = (/** @type {Test} */ { path }) => Number(path.endsWith('development.spec.ts'));

/** By name, with development last: it ends the production-like stack, since two at once are much for a small machine. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default class ByName extends Sequencer {
  /** @param {Test[]} tests */
  sort(tests) {
    return tests.toSorted((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }
}
