import { getMetadataArgsStorage } from 'typeorm';

export interface QueryLabels {
  readonly operation: string;
  readonly entity: string;
}

const OPERATION = /^\s*(select|insert|update|delete|start|begin|commit|rollback|savepoint|release)\b/i;
/** Functions that rows come from are no tables. */
const TABLE = /\b(?:from(?!\s+\w+\()|into|update)\s+"?([a-z_]+)"?/i;
const MOST_REMEMBERED = 1000;

const operations: Readonly<Record<string, string>> = {
  select: 'select',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  start: 'transaction',
  begin: 'transaction',
  commit: 'transaction',
  rollback: 'transaction',
  savepoint: 'transaction',
  release: 'transaction',
};

const tablesWithoutEntity = new Set([
  'audit_log',
  'audit_seals',
  'event_deliveries',
  'events',
  'host_observations',
  'host_watches',
  'idempotent_replies',
  'import_lines',
  'migrations',
  'outages',
  'pg_stat_activity',
  'presence',
  'runtime_config',
  'sinks',
  'slot_drifts',
  'tokens',
]);

const remembered = new Map<string, QueryLabels>();

/** What a statement does and to which table, for labels: from closed sets, whatever the statement. */
export function queryLabels(text: string): QueryLabels {
  const known = remembered.get(text);
  if (known) {
    return known;
  }
  const labels = { operation: operationOf(text), entity: entityOf(text) };
  if (remembered.size < MOST_REMEMBERED) {
    remembered.set(text, labels);
  }
  return labels;
}

function operationOf(text: string): string {
  return operations[OPERATION.exec(text)?.[1]?.toLowerCase() ?? ''] ?? 'other';
}

function entityOf(text: string): string {
  const table = TABLE.exec(text)?.[1];
  if (table === undefined) {
    return 'none';
  }
  const isKnown = tablesWithoutEntity.has(table) || getMetadataArgsStorage().tables.some(({ name }) => name === table);
  return isKnown ? table : '_OTHER';
}
