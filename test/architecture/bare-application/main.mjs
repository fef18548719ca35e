await import('../../../dist/operations/lifecycle/signals.js');
const { runService } = await import('../../../dist/operations/run-service.js');

await runService(async (operations) => {
  const { NestFactory } = await import('@nestjs/core');
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const { MainPort } = await import('../../../dist/operations/main-port/main-port.js');
  const { NestLogger } = await import('../../../dist/operations/logging/nest-logger.js');
  const { OperationsModule } = await import('../../../dist/operations/operations.module.js');
  const { GreetingModule } = await import('./greeting.mjs');
  const application = await NestFactory.create(
    { module: GreetingModule, imports: [OperationsModule.of(operations)] },
    new FastifyAdapter({ return503OnClosing: false }),
    { abortOnError: false, return503OnClosing: false, logger: operations.get(NestLogger) },
  );
  application.get(MainPort).attach(application.getHttpAdapter().getInstance());
  return application;
});
