import { ok } from './ops-answers.js';
import { OpsRoutes } from './ops-routes.js';

function aTable(...routes: string[]): OpsRoutes {
  const table = new OpsRoutes();
  for (const route of routes) {
    const [method, path] = route.split(' ') as ['GET', string];
    table.register({ method, path, access: 'open', answer: () => ok(route) });
  }
  return table;
}

/** `GET /health/{group} (readiness)` */
function found(table: OpsRoutes, method: string, path: string): string {
  const match = table.find(method, path);
  if (match.kind === 'none') return 'none';
  if (match.kind === 'wrong-method') return `only ${match.allow.join(', ')}`;
  return `${match.route.method} ${match.route.path} (${match.parameter})`;
}

describe('the routes of the operations listener', () => {
  const table = aTable(
    'GET /health',
    'GET /health/{group}',
    'GET /loggers/{context}',
    'PUT /loggers/{context}',
    'POST /drain',
  );

  test.each([
    ['GET', '/health', 'GET /health ()'],
    ['HEAD', '/health', 'GET /health ()'],
    ['GET', '/health/readiness', 'GET /health/{group} (readiness)'],
    ['PUT', '/loggers/root', 'PUT /loggers/{context} (root)'],
    ['DELETE', '/loggers/root', 'only GET, HEAD, PUT'],
    ['GET', '/drain', 'only POST'],
    ['GET', '/', 'none'],
    ['GET', '/health/', 'none'],
    ['GET', '/health/{group}', 'GET /health/{group} ({group})'],
    ['GET', '/health/a/b', 'none'],
    ['GET', '/__proto__', 'none'],
    ['GET', '', 'none'],
  ])('%s %s: %s', (method, path, expected) => {
    expect(found(table, method, path)).toBe(expected);
  });
});
