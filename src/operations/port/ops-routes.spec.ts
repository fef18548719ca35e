import { OpsRoutes } from './ops-routes.js';

function someRoutes(): OpsRoutes {
  const routes = new OpsRoutes();
  routes.add('GET', '/health', 'open');
  routes.add('HEAD', '/health', 'open');
  routes.add('GET', '/health/:group', 'open');
  routes.add('PUT', '/loggers/:context', 'write');
  routes.add('GET', '/loggers/:context', 'read');
  return routes;
}

const found = (path: string) =>
  someRoutes()
    .at(path)
    .map((route) => `${route.method} ${route.path}`);

describe('the routes of the operations port', () => {
  test('are found by path, with every method that it has', () => {
    expect(found('/health')).toEqual(['GET /health', 'HEAD /health']);
    expect(found('/loggers/root')).toEqual(['PUT /loggers/{context}', 'GET /loggers/{context}']);
  });

  test('have no empty parameter, and no path that goes on', () => {
    expect([...found('/health/'), ...found('/health/a/b'), ...found('/'), ...found('/healthy')]).toEqual([]);
  });

  test('are listed by their patterns, without what only leaves the body out', () => {
    expect(someRoutes().list()).toContainEqual({ method: 'PUT', path: '/loggers/{context}', access: 'write' });
    expect(
      someRoutes()
        .list()
        .map(({ method }) => method),
    ).not.toContain('HEAD');
  });
});
