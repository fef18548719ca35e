import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MainPort } from '../../operations/main-port/main-port.js';
import { Authenticator } from '../auth/authenticator.js';
import { guardRoutes } from '../auth/guard-routes.js';
import { RateLimit } from '../auth/rate-limit.js';
import { limitBodies } from './body-limit.js';
import { holdBytesInFlight, overloaded } from './bytes-in-flight.js';
import { addEtags } from './etag-hook.js';
import { useSchemaMessages } from './input/schema-messages.js';
import { SchemaPipe } from './input/schema-pipe.js';
import { serveOpenApi } from './openapi/openapi.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { endWithProblem } from './problems/raw-problem.js';
import { RouteTable } from './route-table.js';
import { refuseUnfitRequests } from './unfit-requests.js';

/** Everything that every route shares. Call it before the application is initialised or listens. */
export async function configureHttp(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new RouteTable();
  const mainPort = app.get(MainPort);
  mainPort.attach(fastify, (socket) => endWithProblem(socket, overloaded('There are too many connections.')));
  refuseUnfitRequests(fastify);
  limitBodies(fastify);
  holdBytesInFlight(fastify, mainPort.bytesInFlight);
  guardRoutes(fastify, app.get(Authenticator), app.get(RateLimit));
  addEtags(fastify);
  routes.collectFrom(fastify);
  useSchemaMessages();
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter(routes));
  serveOpenApi(app, routes);
}
