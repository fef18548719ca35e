/** The same route, run as `src/main.ts` runs the service, operations complete; without what needs a database. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const operations = (module: string) => import(join(import.meta.dirname, '../../dist/operations', module));

interface Service {
  configuration: { settings: object };
  healthChecks: { register: (check: object) => void };
  log: object;
}

await operations('lifecycle/signals.js');
enableCompileCache();
const { runService } = await operations('run-service.js');

await runService(async (service: Service) => {
  await import('reflect-metadata');
  const [{ NestFactory }, { FastifyAdapter }, { NestLogger }, { OperationsModule }, { MainPort }, { GreetingModule }] =
    await Promise.all([
      import('@nestjs/core'),
      import('@nestjs/platform-fastify'),
      operations('logging/nest-logger.js'),
      operations('operations.module.js'),
      operations('main-port/main-port.js'),
      import('./overhead-route.ts'),
    ]);
  // So that the sampler has something to do.
  service.healthChecks.register({ name: 'nothing', required: true, check: async () => undefined });
  const application = await NestFactory.create(
    { module: GreetingModule, imports: [OperationsModule.forRoot(service.configuration.settings, service)] },
    new FastifyAdapter(),
    { logger: new NestLogger(service.log), abortOnError: false, return503OnClosing: false },
  );
  application.get(MainPort).attach(application.getHttpAdapter().getInstance());
  return application;
});
