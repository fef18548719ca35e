import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** @typedef {{ path: string }} Test */
const last = ['empty-machine.spec.ts', 'development.spec.ts', 'chaos.spec.ts'];
const rank = (/** @type {Test} */ { path }) => last.findIndex((name) => path.endsWith(`/${name}`));

/** By name, and then those that end the production-like stack, since two at once are much for a small machine. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default class ByName extends Sequencer {
  /** @param {Test[]} tests */
  sort(tests) {
    return tests.toSorted((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }
}
