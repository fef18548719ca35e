import { fastify } from 'fastify';
import { noSchemas } from './no-schemas.js';

describe('a Fastify without compilers of schemas', () => {
  test('serves routes that declare none', async () => {
    const server = fastify({ schemaController: noSchemas });
    server.get('/a', async () => ({ a: 1 }));

    expect((await server.inject('/a')).json()).toEqual({ a: 1 });
  });

  test.each([
    ['bodies', { body: { type: 'object' } }],
    ['answers', { response: { 200: { type: 'object' } } }],
  ])('does not start with a schema of %s, and says what to do', async (_what, schema) => {
    const server = fastify({ schemaController: noSchemas });
    server.post('/a', { schema }, async () => ({}));

    await expect(server.ready()).rejects.toThrow('validate with Zod');
  });
});
