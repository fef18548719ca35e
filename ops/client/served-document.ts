import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../scripts/child-process.mjs';
import { clone, node } from '../scripts/clone.mjs';
import { freePort } from '../scripts/ports.mjs';
import { startServer } from '../scripts/server.mjs';
import { Fault } from '../checks/fault.ts';

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
  components: { schemas: Record<string, object> };
}

/** What the built server answers at /openapi.json, on a database of its own. */
export async function servedDocument(databaseUrl: string, signal: AbortSignal): Promise<OpenApiDocument> {
  const [port, opsPort] = [await freePort(), await freePort()];
  // With Prometheus, or the document lacks its type of check.
  const settings = { APP_ENV: 'test', HOST: '127.0.0.1', PORT: String(port), PROMETHEUS_URL: 'http://127.0.0.1:9' };
  const env = { ...process.env, ...settings, OPS_PORT: String(opsPort), DATABASE_URL: databaseUrl };
  const { exitCode, output } = await run(node, ['dist/migrate.js', 'up'], { cwd: clone, env, signal });
  if (exitCode !== 0) throw new Fault(output);
  const logFile = join(tmpdir(), `plimsoll-check-${process.pid}.log`);
  const server = startServer({ ...env, SHUTDOWN_DELAY_MS: '0' }, { logFile });
  try {
    await server.becomesReady(`http://127.0.0.1:${opsPort}/readyz`, signal);
    const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    if (!response.ok) throw new Fault(`/openapi.json answers ${response.status}`);
    return (await response.json()) as OpenApiDocument;
  } finally {
    await server.stop();
  }
}
