// Loaded in steps: what refuses an older Node, what owns the signals, then the rest.
await import('./operations/lifecycle/node-version.js');
const { signals } = await import('./operations/lifecycle/signals.js');

/** Asked to stop before it was done; to be run again. */
const EXIT_STOPPED = 75;

// PostgreSQL undoes the migration under way when its connection is gone. 0 would say that the schema is as asked.
signals.on('signal', (signal) => {
  process.stderr.write(`migrate: stopped by ${signal}; what is under way is undone: run it again\n`);
  process.exit(EXIT_STOPPED);
});

const { runMigrate } = await import('./platform/database/run-migrate.js');

// What hangs on a lost connection is not waited for.
process.exit(await runMigrate(process.argv.slice(2)));
