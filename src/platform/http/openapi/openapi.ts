import { TOKEN_COOKIE } from '../../auth/authorization.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiExcludeController, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProbesController } from '../../../operations/health/health.controller.js';
import type { RouteTable } from '../route-table.js';
import { DocumentedSchemas } from './documented-schemas.js';
import { DocumentedWords } from './documented-words.js';
import { completeDocument } from './openapi-document.js';
import { addWords } from './openapi-words.js';
import { REACHABLE, READABLE } from './swagger-ui-mended.js';

// The probes are mirrored here; they belong to the operations port.
ApiExcludeController()(ProbesController);

/** OpenAPI 3.1 at /openapi.json and a page to read it at /docs, both without a token. */
export function serveOpenApi(app: NestFastifyApplication, routes: RouteTable): void {
  SwaggerModule.setup('docs', app, () => describe(app, routes), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Plimsoll',
    customCss: READABLE,
    customJsStr: REACHABLE,
  });
}

/** Made when it is first asked for: it would cost every start 100 ms. */
function describe(app: NestFastifyApplication, routes: RouteTable): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Plimsoll')
    .setDescription('The deployment ledger and gate for teams that ship containers without Kubernetes.')
    .setVersion('1')
    .addServer('/')
    .addSecurity('token', { type: 'http', scheme: 'bearer', bearerFormat: 'plm_…', description: 'An opaque token.' })
    .addSecurity('cookie', {
      type: 'apiKey',
      in: 'cookie',
      name: TOKEN_COOKIE,
      description: 'The token, for an EventSource.',
    });
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: operationId });
  completeDocument(document, routes, app.get(DocumentedSchemas).all);
  addWords(document, app.get(DocumentedWords));
  return document;
}

/** `TokensController`, `create`: `tokensCreate`. */
function operationId(controller: string, method: string): string {
  const feature = controller.replace(/Controller$/, '');
  return feature.charAt(0).toLowerCase() + feature.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}
