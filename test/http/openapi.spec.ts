import { Validator } from '@seriousme/openapi-schema-validator';
import { deploymentsErrors } from '../../src/delivery/deployments/deployments.errors.js';
import { freezesErrors } from '../../src/delivery/freezes/freezes.errors.js';
import { releasesErrors } from '../../src/delivery/releases/releases.errors.js';
import type { ErrorRow } from '../../src/platform/http/problems/domain-error.js';
import { type Answer, startApplication, type TestApplication } from '../support/application.js';

interface Operation {
  readonly operationId: string;
  readonly security?: ReadonlyArray<Record<string, string[]>>;
  readonly responses: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }
    >
  >;
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly in: string }>;
  readonly requestBody?: object;
}

describe('the OpenAPI document', () => {
  let app: TestApplication;
  let answer: Answer;
  let operations: ReadonlyArray<readonly [name: string, operation: Operation]>;

  beforeAll(async () => {
    app = await startApplication();
    answer = await app.request('GET', '/openapi.json', { token: null });
    operations = Object.entries<Record<string, Operation>>(answer.body.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    );
  });

  afterAll(() => app.close());

  /** A response that others share stands where its reference leads. */
  function resolved(response: Operation['responses'][string] & { readonly $ref?: string } = {}) {
    const name = response.$ref?.replace('#/components/responses/', '');
    return name === undefined ? response : answer.body.components.responses[name];
  }

  it('is valid OpenAPI 3.1, and needs no token', async () => {
    expect([answer.status, answer.body.openapi]).toEqual([200, '3.1.0']);
    expect(await new Validator().validate(answer.body)).toMatchObject({ valid: true });
  });

  it('has every route under /v1, and none that there is not', () => {
    const routes = app.routes.filter(({ url, method }) => url.startsWith('/v1/') && method !== 'HEAD');
    const named = routes.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(([name]) => name).sort()).toEqual(named.sort());
  });

  it('names each operation once', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for a token, and tells of 401 and 403, at every operation', () => {
    for (const [name, { security, responses }] of operations) {
      const inCookie = name === 'GET /v1/events' ? [{ cookie: [] }] : [];
      expect([name, security]).toEqual([name, [{ token: [] }, ...inCookie]]);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '500', '503', 'default']));
    }
  });

  it.each([
    ['POST /v1/deployments', '400', ['idempotency-key-required', 'malformed-json']],
    [
      'POST /v1/deployments',
      '409',
      [
        'slot-busy',
        'frozen',
        'freeze-unknown',
        'stale-base',
        'outdated',
        'external-id-differs',
        'idempotency-in-flight',
      ],
    ],
    ['POST /v1/deployments', '422', ['validation-failed', 'idempotency-mismatch']],
    ['POST /v1/deployments/{id}/heartbeat', '409', ['stale-fence', 'invalid-transition']],
    ['POST /v1/deployments/{id}/decision', '409', ['invalid-transition']],
    ['POST /v1/services/{service}/environments/{environment}/rollback', '409', ['no-known-good', 'never-promoted']],
    ['PUT /v1/services/{service}/releases/{digest}', '409', ['release-differs']],
    ['PUT /v1/services/{service}', '412', ['precondition-failed']],
    ['GET /v1/deployments', '400', ['invalid-cursor']],
    ['GET /v1/services', '503', ['database-unavailable', 'schema-behind']],
  ])('tells at %s what a %s may mean', (wanted, status, codes) => {
    const [, operation] = operations.find(([name]) => name === wanted) ?? [];
    const { description, content } = resolved(operation?.responses[status]);
    for (const code of codes) expect(description).toContain(`\`${code}\``);
    expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
  });

  it('leaves out no conflict that a feature has in its table', () => {
    const told = operations.map(([, { responses }]) => resolved(responses['409']).description ?? '').join();
    const rows: ErrorRow[] = [deploymentsErrors, freezesErrors, releasesErrors].flatMap((table) =>
      Object.values(table),
    );
    const untold = rows.filter(({ code, status }) => status === 409 && !told.includes(`\`${code}\``));
    expect(untold).toEqual([]);
  });

  it('tells of 412 where If-Match is taken, and nowhere else', () => {
    const withHeader = operations.filter(([, { parameters = [] }]) =>
      parameters.some(({ name }) => name === 'If-Match'),
    );
    const with412 = operations.filter(([, { responses }]) => '412' in responses);
    expect(with412.map(([name]) => name)).toEqual(withHeader.map(([name]) => name));
    expect(with412).toHaveLength(5);
  });

  it('does not call a token a JWT', () => {
    expect(answer.body.components.securitySchemes.token).toMatchObject({ scheme: 'bearer', bearerFormat: 'plm_…' });
  });

  it('describes the answer of every success but those without a body', () => {
    const withoutSchema = operations.filter(([, { responses }]) =>
      ['200', '201'].some((status) => {
        const { content = {} } = responses[status] ?? {};
        return responses[status] && !(content['application/json'] ?? content['text/event-stream'])?.schema;
      }),
    );
    expect(withoutSchema.map(([name]) => name)).toEqual([]);
  });

  it('describes the body of every operation that writes with one', () => {
    const without = operations.filter(([name, { requestBody }]) => /^(PUT|POST|PATCH)/.test(name) && !requestBody);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('has no reference that leads nowhere', () => {
    const references = [...answer.text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) {
      const found = reference.split('/').reduce((value, key) => value?.[key], answer.body);
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  it('has a page to read it, without a token', async () => {
    const page = await app.request('GET', '/docs', { token: null });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    for (const [, asset] of page.text.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)) {
      const { pathname } = new URL(asset ?? '', `${app.url}/docs`);
      expect([pathname, (await app.request('GET', pathname, { token: null })).status]).toEqual([pathname, 200]);
    }
  });
});
