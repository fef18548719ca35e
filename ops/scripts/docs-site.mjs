import { assertOwnNode } from './node-version.mjs';

assertOwnNode();
const [{ runMain }, { main }] = await Promise.all([import('./terminal.mjs'), import('./docs-site-run.mjs')]);
await runMain(() => main(process.argv.slice(2)));
