import { Validator } from '@seriousme/openapi-schema-validator';
import type { OpenApiDocument } from '../client/served-document.ts';
import { assertNone, Fault } from './fault.ts';
import { everythingIsTold } from './openapi-words.ts';

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
  GET POST     /v1/freezes
  DELETE       /v1/freezes/{id}
  GET          /v1/audit
  POST         /v1/imports
  GET POST     /v1/tokens
  GET          /v1/tokens/current
  DELETE       /v1/tokens/{id}
`;

/** The document that the running server serves is OpenAPI 3.1, and has every route that clients rely on. */
export async function openApiIsValid(document: OpenApiDocument): Promise<void> {
  if (!document.openapi.startsWith('3.1')) throw new Fault(`It is OpenAPI ${document.openapi}, not 3.1.`);
  const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
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
  everythingIsTold(document);
}

function promisedOperations(): string[] {
  return promised
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap((words) => words.slice(0, -1).map((method) => `${method} ${words.at(-1)}`));
}

function operationsOf({ paths }: OpenApiDocument): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function succeeds({ paths }: OpenApiDocument, operation: string): boolean {
  const [method = '', path = ''] = operation.split(' ');
  const responses = paths[path]?.[method.toLowerCase()]?.responses ?? {};
  return Object.keys(responses).some((status) => status.startsWith('2'));
}
