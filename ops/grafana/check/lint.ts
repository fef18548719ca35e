import { readFile } from 'node:fs/promises';
import { Failure, runMain } from '../../scripts/terminal.mjs';
import { queryFaults } from './query-faults.ts';
import { schemaFaults } from './schema-faults.ts';

/** `node ops/grafana/check/lint.ts FILE...`: what is wrong with these dashboards that needs no Grafana to be seen. */
await runMain(async () => {
  const paths = process.argv.slice(2);
  const dashboards = new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
  );
  const faults = [...schemaFaults(dashboards), ...queryFaults(dashboards)];
  if (faults.length > 0) throw new Failure(faults.join('\n'));
});
