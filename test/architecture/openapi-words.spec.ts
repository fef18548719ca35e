// Under the tsconfig of ops, whose imports end in .ts.
const check = '../../ops/checks/openapi-words.ts';
const { everythingIsTold } = (await import(check)) as { everythingIsTold: (document: object) => void };

const slug = { type: 'string', pattern: '^[a-z]+$', description: 'The service, by its slug.', examples: ['checkout'] };

function aDocument({ service = slug as object, operation = {} } = {}) {
  const body = {
    content: { 'application/json': { schema: { $ref: '#/components/schemas/A' }, example: { service: 'a' } } },
  };
  const responses = { '409': { $ref: '#/components/responses/Problem409' } };
  const put = { operationId: 'put', summary: 'Put a service', requestBody: body, responses, ...operation };
  const A = { type: 'object', required: ['service'], properties: { service } };
  return { openapi: '3.1.0', paths: { '/v1/a': { put } }, components: { schemas: { A } } };
}

const judging = (given: Parameters<typeof aDocument>[0]) => () => everythingIsTold(aDocument(given));

describe('the words of the OpenAPI document', () => {
  it('are complete where everything is told of', () => {
    expect(judging({})).not.toThrow();
  });

  it.each([
    ['an operation without a summary', { operation: { summary: undefined } }, 'put'],
    ['a field without a sentence', { service: { ...slug, description: undefined } }, 'A.service: no sentence'],
    ['a sentence that has no end', { service: { ...slug, description: 'the service' } }, 'A.service: no sentence'],
    ['a field without an example', { service: { ...slug, examples: [] } }, 'A.service: no example'],
    ['an example that is not true', { service: { ...slug, examples: ['Checkout'] } }, 'does not match'],
    ['an example of another type', { service: { ...slug, examples: [1] } }, 'is no string'],
    ['a parameter without a word', { operation: { parameters: [{ name: 'limit' }] } }, 'put limit: no sentence'],
    ['a problem in place', { operation: { responses: { '409': { description: 'Busy' } } } }, 'put 409'],
    [
      'a body without an example',
      { operation: { requestBody: { content: { a: { schema: {} } } } } },
      'put body: no example',
    ],
  ])('lack %s', (_what, given, fault) => {
    expect(judging(given)).toThrow(fault);
  });
});
