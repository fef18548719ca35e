import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { noSchemas } from '../intake/no-schemas.js';
import { OpsProblemFilter } from '../problems/problem.filter.js';
import { OpsSchemaPipe } from '../problems/schema.pipe.js';
import { OpsPort } from './ops-port.js';

const MOST_HEADER_BYTES = 8 * 1024;

/** The Fastify of the operations port. */
export function opsAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    return503OnClosing: false,
    schemaController: noSchemas,
    // A path that cannot be decoded matches no route.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : '/'),
    routerOptions: { maxParamLength: MOST_HEADER_BYTES },
    http: {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: 5000,
      connectionsCheckingInterval: 1000,
      // Refused with a problem instead.
      requireHostHeader: false,
    },
  });
}

/** Adds what all routes of the port share. Call this before the application is initialised. */
export function configureOps(application: NestFastifyApplication): void {
  application.get(OpsPort).attach(application.getHttpAdapter().getInstance());
  application.useGlobalPipes(new OpsSchemaPipe());
  application.useGlobalFilters(application.get(OpsProblemFilter));
}

function isDecodable(url: string): boolean {
  try {
    return decodeURI(url) !== '';
  } catch {
    return false;
  }
}
