import { toWire } from '../../src/operations/listener/ops-answers.js';
import { OpsGuard } from '../../src/operations/listener/ops-guard.js';
import { OpsResponder } from '../../src/operations/listener/ops-responder.js';
import { ServiceProcess } from '../../src/operations/service-process.js';
import type { Answer, RequestOptions, TestApplication } from './application.js';

/** What an application has to be configured with to answer everything that operations offers. */
export const operationsSettings = { opsToken: 'a-token-for-operations', opsMaxAccess: 'write' } as const;

/** Asks an operations endpoint of an application in this process: the same routes and guard, without the listener. */
export async function askOperations(
  app: TestApplication,
  method: string,
  url: string,
  { token = operationsSettings.opsToken, body, headers }: RequestOptions = {},
): Promise<Answer> {
  const process = app.nest.get(ServiceProcess);
  // A guard of its own: a test may write more often than ten times a minute.
  const guard = new OpsGuard(process.configuration.settings.opsMaxAccess, process.secrets);
  const responder = new OpsResponder(process.opsRoutes, guard, {
    onAnswer: () => undefined,
    onGuarded: () => undefined,
    onError: (path, cause) => {
      throw new Error(`${path} failed`, { cause });
    },
  });
  const answer = await responder.respond({
    method,
    url,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const wire = toWire(answer);
  const contentType = wire.headers['Content-Type'] ?? '';
  const parsed = contentType.includes('json') ? JSON.parse(wire.body) : null;
  return { status: wire.status, headers: new Headers(wire.headers), contentType, text: wire.body, body: parsed };
}
