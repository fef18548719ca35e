import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorRow } from '../problems/domain-error.js';
import { httpErrors } from '../problems/http.errors.js';
import type { PlimsollRouteConfig } from '../route-config.js';
import type { RouteTable } from '../route-table.js';
import type { DocumentedSchemas } from './documented-schemas.js';
import { hoistDefinitions } from './openapi-definitions.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Operation['responses'][string];
type Responses = Record<string, NonNullable<Response>>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Adds what the routes have in common, and their decorators therefore do not say: roles, ETags, pages, problems. */
export function completeDocument(
  document: OpenAPIObject,
  routes: RouteTable,
  documented: DocumentedSchemas['all'],
): void {
  hoistDefinitions(document, documented);
  const responses: Responses = { Problem: { description: 'A problem (RFC 9457).', content: problemContent } };
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema },
    responses,
  };
  const problems = new SharedProblems(responses);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      const route = routes.find(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      if (operation && route) complete(operation, route.config, problems);
    }
  }
}

function complete(
  operation: Operation,
  { requires, takesCookie, etag, refusals = [] }: PlimsollRouteConfig,
  problems: SharedProblems,
): void {
  for (const [status, response] of Object.entries(operation.responses)) describe(status, response);
  if (requires) {
    operation.security = [{ token: [] }, ...(takesCookie ? [{ cookie: [] }] : [])];
    operation.description = [operation.description, `Takes the role \`${requires}\`.`].filter(Boolean).join('\n\n');
  }
  if (etag) {
    addParameter(operation, 'If-None-Match', 'Answers 304 if the ETag is still this one.');
    addHeader(operation, '200', 'ETag', 'Strong; for If-None-Match here and If-Match at a PUT of the same path.');
    operation.responses['304'] = { description: 'It is still the one that If-None-Match names.' };
  }
  if (operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'cursor')) {
    addHeader(operation, '200', 'Link', 'The next page, as `<…>; rel="next"`; absent on the last one.');
  }
  if (refusals.includes(httpErrors.preconditionFailed)) {
    addParameter(operation, 'If-Match', 'Answers 412 if the ETag of a GET of the same path is another one.');
  }
  const rows = [...commonRefusals(operation, requires !== undefined), ...refusals];
  for (const [status, same] of Map.groupBy(rows, (row) => row.status)) {
    operation.responses[status] ??= problems.of(same);
  }
  operation.responses['default'] ??= { $ref: '#/components/responses/Problem' };
}

const { unauthenticated, forbidden, tooManyRequests, overloaded } = httpErrors;

/** Before a handler is asked. */
const GUARDED: readonly ErrorRow[] = [unauthenticated, forbidden, tooManyRequests, overloaded];

/** What any handler of such a route may answer. */
function commonRefusals(operation: Operation, isGuarded: boolean): ErrorRow[] {
  const has = (test: (parameter: { name: string; in: string }) => boolean): boolean =>
    (operation.parameters ?? []).some((parameter) => 'name' in parameter && test(parameter));
  const takesBody = operation.requestBody !== undefined;
  return [
    httpErrors.malformedRequest,
    ...(takesBody ? [httpErrors.malformedJson, httpErrors.bodyTooLarge, httpErrors.unsupportedMediaType] : []),
    ...(takesBody || has(() => true) ? [httpErrors.validationFailed] : []),
    ...(has(({ name }) => name === 'cursor') ? [httpErrors.invalidCursor] : []),
    ...(isGuarded ? GUARDED : []),
    ...(has((parameter) => parameter.in === 'path') ? [httpErrors.notFound] : []),
    httpErrors.internalError,
    httpErrors.databaseUnavailable,
    httpErrors.schemaBehind,
  ];
}

/** Each set of problems is described once, however many operations may answer with it. */
class SharedProblems {
  constructor(private readonly responses: Responses) {}

  /** `Problem409-slot-busy-frozen` */
  of(rows: readonly ErrorRow[]): { $ref: string } {
    const different = [...new Map(rows.map((row) => [row.code, row])).values()];
    const name = `Problem${rows[0]?.status}-${different.map(({ code }) => code).join('-')}`;
    this.responses[name] ??= { description: descriptionOf(different), content: problemContent };
    return { $ref: `#/components/responses/${name}` };
  }
}

/** ``Conflict. `slot-busy`: another deployment holds this slot.``, one a line. */
function descriptionOf(rows: readonly ErrorRow[]): string {
  const told = rows.map(({ code, title }) => `- \`${code}\`: ${title}`);
  return `${STATUS_CODES[rows[0]?.status ?? 0]}\n\n${told.join('\n')}`;
}

function describe(status: string, response: Response | undefined): void {
  if (response && 'description' in response && response.description === '') {
    response.description = STATUS_CODES[status] ?? '';
  }
}

function addParameter(operation: Operation, name: string, description: string): void {
  operation.parameters ??= [];
  if (!operation.parameters.some((parameter) => 'name' in parameter && parameter.name === name)) {
    operation.parameters.push({ name, in: 'header', required: false, description, schema: { type: 'string' } });
  }
}

function addHeader(operation: Operation, status: string, name: string, description: string): void {
  const response = operation.responses[status];
  if (response && !('$ref' in response)) {
    response.headers = { ...response.headers, [name]: { description, schema: { type: 'string' } } };
  }
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. Some problems have members of their own beside these, such as `holder`.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
