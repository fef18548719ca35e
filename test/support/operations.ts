import type { InjectOptions } from 'fastify';
import type { Answer, RequestOptions, TestApplication } from './application.js';

/** What an application has to be configured with to answer everything that operations offers. */
export const operationsSettings = { opsToken: 'a-token-for-operations', opsMaxAccess: 'write' } as const;

/** Asks the operations application of an application in this process: everything of it but its listener. */
export async function askOperations(
  app: TestApplication,
  method: string,
  url: string,
  { token = operationsSettings.opsToken, body, headers }: RequestOptions = {},
): Promise<Answer> {
  const answer = await app.operations.inject({
    method: method as NonNullable<InjectOptions['method']>,
    url,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const contentType = String(answer.headers['content-type'] ?? '');
  const parsed = contentType.includes('json') ? answer.json() : null;
  const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as [string, string]);
  return { status: answer.statusCode, headers: new Headers(entries), contentType, text: answer.body, body: parsed };
}
