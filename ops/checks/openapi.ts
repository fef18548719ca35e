import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { Validator } from '@seriousme/openapi-schema-validator';
import { run } from '../scripts/child-process.mjs';
import { clone, node } from '../scripts/clone.mjs';
import { freePort } from '../scripts/ports.mjs';
import { startServer } from '../scripts/server.mjs';
import { assertNone, Fault } from './fault.ts';

/** Every route that a client may rely on. One that is missing here may be new; one that is missing there is broken. */
const promised = `
  GET PUT      /v1/environments/{environment}
  GET          /v1/environments
  GET          /v1/environments/{environment}/freeze
  GET PUT      /v1/services/{service}
  GET          /v1/services
  GET PUT      /v1/services/{service}/releases/{digest}
  GET          /v1/services/{service}/environments/{environment}
  GET PUT      /v1/services/{service}/environments/{environment}/hosts
  GET PUT      /v1/services/{service}/environments/{environment}/gate
  POST         /v1/services/{service}/environments/{environment}/rollback
  POST         /v1/services/{service}/environments/{environment}/observations
  GET POST     /v1/deployments
  GET          /v1/deployments/{id}
  POST         /v1/deployments/{id}/heartbeat
  POST         /v1/deployments/{id}/deployed
  POST         /v1/deployments/{id}/failed
  POST         /v1/deployments/{id}/cancel
  POST         /v1/deployments/{id}/decision
  POST         /v1/deployments/{id}/mark
  GET          /v1/deployments/{id}/verdict
  GET          /v1/deployments/{id}/measurements
  GET POST     /v1/tokens
  DELETE       /v1/tokens/{id}
`;

type Document = {
  openapi: string;
  paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
};

/** The document that the running server serves is OpenAPI 3.1, and has every route that clients rely on. */
export async function openApiIsValid(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const document = await servedDocument(databaseUrl, signal);
  if (!document.openapi.startsWith('3.1')) throw new Fault(`It is OpenAPI ${document.openapi}, not 3.1.`);
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  if (!valid) throw new Fault(`It is not valid: ${JSON.stringify(errors, null, 2)}`);
  const there = new Set(operationsOf(document));
  assertNone(
    'Routes are missing in the document',
    promisedOperations().filter((operation) => !there.has(operation)),
  );
  assertNone(
    'Operations answer nothing below 300',
    [...there].filter((operation) => !succeeds(document, operation)),
  );
}

async function servedDocument(databaseUrl: string, signal: AbortSignal): Promise<Document> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const settings = { APP_ENV: 'test', HOST: '127.0.0.1', PORT: String(port), OPS_PORT: String(opsPort) };
  const env = { ...process.env, ...settings, DATABASE_URL: databaseUrl, SHUTDOWN_DELAY_MS: '0' };
  const { exitCode, output } = await run(node, ['dist/migrate.js', 'up'], { cwd: clone, env, signal });
  if (exitCode !== 0) throw new Fault(output);
  const server = startServer(env, { logFile: join(tmpdir(), `plimsoll-check-${process.pid}.log`) });
  try {
    await server.becomesReady(`http://127.0.0.1:${opsPort}/readyz`, signal);
    const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    if (!response.ok) throw new Fault(`/openapi.json answers ${response.status}`);
    return (await response.json()) as Document;
  } finally {
    await server.stop();
  }
}

function promisedOperations(): string[] {
  return promised
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap((words) => words.slice(0, -1).map((method) => `${method} ${words.at(-1)}`));
}

function operationsOf({ paths }: Document): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function succeeds({ paths }: Document, operation: string): boolean {
  const [method = '', path = ''] = operation.split(' ');
  const responses = paths[path]?.[method.toLowerCase()]?.responses ?? {};
  return Object.keys(responses).some((status) => status.startsWith('2'));
}
