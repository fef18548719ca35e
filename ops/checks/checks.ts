import { staleClientFiles } from '../client/client-files.ts';
import type { OpenApiDocument } from '../client/served-document.ts';
import { stalePages } from '../docs/pages.ts';
import { staleFiles } from '../monitoring/made-files.ts';
import { tool } from './command.ts';
import { dashboardsAreSound } from './dashboards.ts';
import { directionsHold } from './directions.ts';
import { assertNone } from './fault.ts';
import { imagesArePinned } from './images.ts';
import { kubernetesIsSound } from './kubernetes.ts';
import { licencesAreAllowed } from './licences.ts';
import { lockIsComplete } from './lock-file.ts';
import { entitiesAgreeWithMigrations, migrationsGoBothWays } from './migrations.ts';
import { monitoringFits } from './monitoring-files.ts';
import { openApiIsValid } from './openapi.ts';
import { treeHoldsNoSecrets } from './secrets.ts';
import { shellIsSound } from './shell.ts';
import { playbooksAreExecuted } from './playbooks.ts';
import type { TemporaryDatabases } from './temporary-database.ts';
import { workflowsAreSound } from './workflows.ts';

/** What a check may use; the databases start, and the document is served, when the first one asks. */
export interface Workbench {
  databases(): Promise<TemporaryDatabases>;
  document(): Promise<OpenApiDocument>;
  signal: AbortSignal;
}

export interface Check {
  name: string;
  rule: string;
  /** Throws a `Fault` that says what is wrong. */
  run(workbench: Workbench): Promise<unknown>;
}

export const checks: readonly Check[] = [
  { name: 'format', rule: 'every file is formatted', run: () => tool('oxfmt', '--check', '.') },
  { name: 'lint', rule: 'the linter finds nothing', run: () => tool('oxlint', '--deny-warnings') },
  { name: 'types', rule: 'types agree in src, test, migrations', run: () => tool('tsc', '--noEmit', '-p', '.') },
  { name: 'types-ops', rule: 'types agree in ops', run: () => tool('tsc', '--noEmit', '-p', 'ops/tsconfig.json') },
  { name: 'directions', rule: 'imports keep their directions', run: directionsHold },
  { name: 'lock', rule: 'the lock file is complete for every platform', run: lockIsComplete },
  { name: 'licences', rule: 'packages have licences that are allowed', run: licencesAreAllowed },
  {
    name: 'migrations',
    rule: 'migrations go up, down and up',
    run: async ({ databases }) => migrationsGoBothWays(await (await databases()).create()),
  },
  {
    name: 'entities',
    rule: 'entities agree with migrations',
    run: async ({ databases }) => entitiesAgreeWithMigrations(await (await databases()).create()),
  },
  {
    name: 'openapi',
    rule: '/openapi.json is valid and complete',
    run: async ({ document }) => openApiIsValid(await document()),
  },
  {
    name: 'client',
    rule: 'src/client agrees with /openapi.json',
    run: async ({ document }) =>
      assertNone('Stale; npm run client writes them', await staleClientFiles(await document())),
  },
  {
    name: 'pages',
    rule: 'pages made from the code are up to date',
    run: async () => assertNone('Stale; npm run docs writes them', await stalePages()),
  },
  {
    name: 'rules',
    rule: 'rules and routes made from the data are up to date',
    run: async () => assertNone('Stale; npm run rules writes them', await staleFiles()),
  },
  {
    name: 'dashboards',
    rule: 'dashboards are made from the code, and sound',
    run: dashboardsAreSound,
  },
  { name: 'monitoring', rule: 'alerts, tests, runbooks, drills and metrics fit together', run: monitoringFits },
  { name: 'playbooks', rule: 'every page of docs/playbooks is executed', run: playbooksAreExecuted },
  { name: 'images', rule: 'images are pinned by an exact version', run: imagesArePinned },
  { name: 'kubernetes', rule: 'manifests can be built and are sound', run: kubernetesIsSound },
  { name: 'workflows', rule: 'workflows are sound, thin and pinned', run: workflowsAreSound },
  { name: 'shell', rule: 'shellcheck finds nothing', run: shellIsSound },
  { name: 'secrets', rule: 'nothing secret is in the tree', run: treeHoldsNoSecrets },
];
