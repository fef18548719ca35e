#!/usr/bin/env node
// Loaded in steps, and of the commands only the one that is asked for: a question to the ledger is answered at once.
(await import('node:module')).enableCompileCache();
const { run } = await import('./run.js');

process.exitCode = await run(process.argv.slice(2));
