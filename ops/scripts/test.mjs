import { assertOwnNode } from './node-version.mjs';

assertOwnNode();
const [{ runMain }, { main }] = await Promise.all([import('./terminal.mjs'), import('./test-run.mjs')]);
await runMain(() => main(process.argv.slice(2)));
