import { ok, problem } from './ops-answers.js';
import { OpsResponder } from './ops-responder.js';
import { type OpsRoute, OpsRoutes } from './ops-routes.js';

function aResponder(route: Partial<OpsRoute> = {}, refusal?: ReturnType<typeof problem>) {
  const routes = new OpsRoutes();
  routes.register({ method: 'GET', path: '/health/{group}', access: 'open', answer: () => ok({}), ...route });
  const answered: string[] = [];
  const errors: unknown[] = [];
  const observer = {
    onAnswer: (path: string, status: number) => answered.push(`${status} ${path}`),
    onGuarded: () => undefined,
    onError: (_path: string, error: unknown) => errors.push(error),
  };
  const responder = new OpsResponder(routes, { refusalOf: () => refusal }, observer);
  const ask = (method: string, url: string) => responder.respond({ method, url, headers: {}, body: '' });
  return { ask, answered, errors };
}

describe('the answers of the operations listener', () => {
  test('count by the pattern of the route, never by the path', async () => {
    const { ask, answered } = aResponder();
    await ask('GET', '/health/liveness?verbose=1');
    await ask('POST', '/health/liveness');
    await ask('GET', '/9c6f');

    expect(answered).toEqual(['200 /health/{group}', '405 /health/{group}', '404 unmatched']);
  });

  test('say what may be done instead', async () => {
    const { ask } = aResponder();

    expect(await ask('DELETE', '/health/liveness')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
  });

  test('ask the guard before the route', async () => {
    let isAnswered = false;
    const answer = () => {
      isAnswered = true;
      return ok({});
    };
    const { ask } = aResponder({ answer }, problem(401, 'The token is missing or wrong.'));

    expect(await ask('GET', '/health/liveness')).toMatchObject({ status: 401 });
    expect(isAnswered).toBe(false);
  });

  test.each<[string, OpsRoute['answer']]>([
    [
      'throws',
      () => {
        throw new Error('secret detail');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret detail'))],
  ])('are 500 and say nothing when a route %s', async (_, answer) => {
    const { ask, errors } = aResponder({ answer });
    const given = await ask('GET', '/health/liveness');

    expect(given.status).toBe(500);
    expect(JSON.stringify(given)).not.toContain('secret detail');
    expect(errors).toEqual([new Error('secret detail')]);
  });
});
