import type { ClientConfig } from 'pg';

const STATEMENT_TIMEOUT_MS = 5000;

/**
 * How every connection of the server is made. Nothing waits for ever: neither for a connection, nor for a statement,
 * nor for a database that has stopped answering, which the server side cannot time out.
 */
export function connectionConfig(databaseUrl: string, applicationName: string): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: 2000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  };
}

/**
 * How connections are made on which questions are asked: through the pooler, if there is one. In transaction mode it takes
 * no settings of a session, so its own `connect_query` has to set what is left out here.
 */
export function queryConfig(databaseUrl: string, pooler: string | undefined, applicationName: string): ClientConfig {
  const config = connectionConfig(databaseUrl, applicationName);
  if (pooler === undefined) return config;
  const { statement_timeout: _, idle_in_transaction_session_timeout: __, ...others } = config;
  return { ...others, connectionString: throughPooler(databaseUrl, pooler) };
}

function throughPooler(databaseUrl: string, pooler: string): string {
  const url = new URL(databaseUrl);
  url.host = pooler;
  return url.href;
}
