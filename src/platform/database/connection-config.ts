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
