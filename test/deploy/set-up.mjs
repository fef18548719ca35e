import { ensureBuilt } from '../../ops/scripts/build.mjs';

/** Deployers that are killed run what is built. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default () => ensureBuilt(new AbortController().signal);
