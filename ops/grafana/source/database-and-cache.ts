import type { DashboardSource, PanelSource } from './dashboard-source.ts';
import { perSecond, quantile } from './promql.ts';

const app = 'job="plimsoll"';
const database = 'datname="plimsoll"';

const statements: readonly PanelSource[] = [
  {
    title: 'Statements by operation',
    kind: 'areas',
    unit: 'ops',
    queries: [{ expr: perSecond(`db_query_duration_seconds_count{${app}}`, 'operation'), legend: '{{operation}}' }],
  },
  {
    title: 'Busiest entities',
    unit: 'ops',
    queries: [
      {
        expr: `topk(8, ${perSecond(`db_query_duration_seconds_count{${app}, entity!="none"}`, 'entity')})`,
        legend: '{{entity}}',
      },
    ],
  },
  {
    title: 'Statements that failed',
    description: 'By class of SQLSTATE; connection: no answer; pool: every connection taken.',
    unit: 'ops',
    emptyInHealth: 'No statement has failed.',
    queries: [{ expr: perSecond(`db_errors_total{${app}}`, 'sqlstate_class'), legend: '{{sqlstate_class}}' }],
  },
  {
    title: 'Duration of a statement',
    unit: 's',
    queries: [0.5, 0.9, 0.99].map((of) => ({
      expr: quantile(of, 'db_query_duration_seconds', app),
      legend: `p${of * 100}`,
    })),
  },
  {
    title: 'Slowest entities, p99',
    unit: 's',
    queries: [
      {
        expr: `topk(5, ${quantile(0.99, 'db_query_duration_seconds', `${app}, entity!="none"`, 'operation, entity')})`,
        legend: '{{operation}} {{entity}}',
      },
    ],
  },
  {
    title: 'Migrations pending',
    description: 'That this build knows and the database lacks. Above 0 an instance does not become ready.',
    unit: 'none',
    queries: [{ expr: `max by (instance) (db_migration_pending{${app}})`, legend: '{{instance}}' }],
  },
];

const pool: readonly PanelSource[] = [
  {
    title: 'Pool, taken',
    description: 'At 100 % requests wait for a connection.',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `sum by (instance) (db_pool_connections{${app}, state!="idle"}) / sum by (instance) (db_pool_max_connections{${app}})`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Pool, waiting',
    unit: 'none',
    queries: [{ expr: `db_pool_pending_requests{${app}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Wait for a connection',
    unit: 's',
    queries: [0.5, 0.99].map((of) => ({
      expr: quantile(of, 'db_pool_acquire_duration_seconds', app),
      legend: `p${of * 100}`,
    })),
  },
  {
    title: 'Connections of the pool',
    unit: 'none',
    width: 12,
    queries: [
      { expr: `sum by (state) (db_pool_connections{${app}})`, legend: '{{state}}' },
      { expr: `sum(db_pool_max_connections{${app}})`, legend: 'most' },
    ],
  },
  {
    title: 'Connections that gates have to themselves',
    unit: 'none',
    width: 12,
    queries: [{ expr: `sum by (state) (db_reserved_connections{${app}})`, legend: '{{state}}' }],
  },
];

const postgres: readonly PanelSource[] = [
  {
    title: 'Sessions by state',
    unit: 'none',
    queries: [
      { expr: `sum by (state) (pg_stat_activity_count{${database}, state=~"active|idle.*"})`, legend: '{{state}}' },
      { expr: 'max(pg_settings_max_connections)', legend: 'most' },
    ],
  },
  {
    title: 'Transactions',
    unit: 'ops',
    queries: [
      { expr: perSecond(`pg_stat_database_xact_commit{${database}}`), legend: 'committed' },
      { expr: perSecond(`pg_stat_database_xact_rollback{${database}}`), legend: 'rolled back' },
    ],
  },
  {
    title: 'Pages found in memory',
    description: 'Below 99 % for long: shared_buffers is too small for what is asked for.',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `${perSecond(`pg_stat_database_blks_hit{${database}}`)} / (${perSecond(`pg_stat_database_blks_hit{${database}}`)} + ${perSecond(`pg_stat_database_blks_read{${database}}`)})`,
        legend: 'found',
      },
    ],
  },
  {
    title: 'Locks by mode',
    unit: 'none',
    queries: [{ expr: `sum by (mode) (pg_locks_count{${database}}) > 0`, legend: '{{mode}}' }],
  },
  {
    title: 'Deadlocks and temporary files',
    unit: 'cps',
    queries: [
      { expr: perSecond(`pg_stat_database_deadlocks{${database}}`), legend: 'deadlocks' },
      { expr: perSecond(`pg_stat_database_temp_files{${database}}`), legend: 'temporary files' },
    ],
  },
  {
    title: 'Longest transaction',
    description: 'As long as it lasts VACUUM removes nothing that ended after its begin.',
    unit: 's',
    queries: [
      {
        expr: `max by (state) (pg_stat_activity_max_tx_duration{${database}, state=~"active|idle in.*"})`,
        legend: '{{state}}',
      },
    ],
  },
  {
    title: 'Size of the databases',
    unit: 'bytes',
    queries: [{ expr: 'pg_database_size_bytes{datname=~"plimsoll|unleash"}', legend: '{{datname}}' }],
  },
  {
    title: 'Dead rows, largest tables',
    description: 'The share of rows that VACUUM could remove.',
    unit: 'percentunit',
    queries: [
      {
        expr: `topk(8, sum by (relname) (pg_stat_user_tables_n_dead_tup{${database}}) / (sum by (relname) (pg_stat_user_tables_n_live_tup{${database}} + pg_stat_user_tables_n_dead_tup{${database}}) > 1000))`,
        legend: '{{relname}}',
      },
    ],
    emptyInHealth: 'No table has a thousand rows.',
  },
  {
    title: 'Behind the primary',
    description: 'How old the last replayed transaction of a standby is.',
    unit: 's',
    queries: [{ expr: 'max by (instance) (pg_replication_lag_seconds)', legend: '{{instance}}' }],
  },
];

const cache: readonly PanelSource[] = [
  {
    title: 'Lookups that were hits',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `sum by (cache, op) (rate(cache_operations_total{${app}, result="hit"}[$__rate_interval])) / (sum by (cache, op) (rate(cache_operations_total{${app}, result=~"hit|miss"}[$__rate_interval])) > 0)`,
        legend: '{{cache}} {{op}}',
      },
    ],
  },
  {
    title: 'Operations of the caches',
    unit: 'ops',
    queries: [{ expr: perSecond(`cache_operations_total{${app}}`, 'op, result'), legend: '{{op}} {{result}}' }],
  },
  {
    title: 'Duration of an operation, p99',
    unit: 's',
    queries: [
      { expr: quantile(0.99, 'cache_operation_duration_seconds', app, 'cache, op'), legend: '{{cache}} {{op}}' },
    ],
  },
  {
    title: 'Redis connected',
    unit: 'bool_yes_no',
    queries: [{ expr: `redis_connection_state{${app}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Redis memory',
    unit: 'bytes',
    queries: [
      { expr: 'redis_memory_used_bytes', legend: 'used' },
      { expr: 'redis_memory_max_bytes > 0', legend: 'most' },
    ],
  },
  {
    title: 'Redis commands',
    unit: 'ops',
    queries: [{ expr: perSecond('redis_commands_processed_total'), legend: 'commands' }],
  },
  {
    title: 'Redis keys gone',
    description: 'Evicted: there was no memory for them. Expired: their time was up.',
    unit: 'cps',
    queries: [
      { expr: perSecond('redis_evicted_keys_total'), legend: 'evicted' },
      { expr: perSecond('redis_expired_keys_total'), legend: 'expired' },
    ],
  },
  {
    title: 'Redis keys',
    unit: 'short',
    queries: [{ expr: 'redis_db_keys{db="db0"}', legend: 'keys' }],
  },
  {
    title: 'Redis clients',
    unit: 'none',
    queries: [{ expr: 'redis_connected_clients', legend: 'clients' }],
  },
];

export const databaseAndCache: DashboardSource = {
  uid: 'plimsoll-database',
  title: 'Database and cache',
  description: 'PostgreSQL and Redis, as Plimsoll meets them and as they see themselves.',
  source: 'prometheus',
  rows: [
    { title: 'Statements', panels: statements },
    { title: 'Connections', panels: pool },
    { title: 'PostgreSQL', panels: postgres },
    { title: 'Caches and Redis', panels: cache },
  ],
};
