/** The same route, run as `src/main.ts` runs the service, operations complete; without what needs a database. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const operations = (module: string) => import(join(import.meta.dirname, '../../dist/operations', module));

interface Operations {
  get: (token: unknown) => { register: (check: object) => void };
}

await operations('lifecycle/signals.js');
enableCompileCache();
const { runService } = await operations('run-service.js');

await runService(async (running: Operations) => {
  const [
    { NestFactory },
    { FastifyAdapter },
    { NestLogger },
    { HealthChecks },
    { OperationsModule },
    { MainPort },
    { noSchemas },
  ] = await Promise.all([
    import('@nestjs/core'),
    import('@nestjs/platform-fastify'),
    operations('logging/nest-logger.js'),
    operations('health/health-checks.js'),
    operations('operations.module.js'),
    operations('main-port/main-port.js'),
    operations('intake/no-schemas.js'),
  ]);
  const { GreetingModule } = await import('./overhead-route.ts');
  // So that the sampler has something to do.
  running.get(HealthChecks).register({ name: 'nothing', required: true, check: async () => undefined });
  const application = await NestFactory.create(
    { module: GreetingModule, imports: [OperationsModule.of(running)] },
    new FastifyAdapter({ schemaController: noSchemas }),
    { logger: running.get(NestLogger) as never, abortOnError: false, return503OnClosing: false },
  );
  application.get(MainPort).attach(application.getHttpAdapter().getInstance());
  return application;
});
