import { assertOwnNode } from './node-version.mjs';

assertOwnNode();
const [{ runMain }, { main }] = await Promise.all([import('./terminal.mjs'), import('./check-run.mjs')]);
await runMain(() => main(process.argv.slice(2), 'ops/chaos/main.ts'));
