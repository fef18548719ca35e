import type { NestFastifyApplication } from '@nestjs/platform-fastify';

// Loaded in steps: what refuses an older Node, what owns the signals, what answers probes, then the heavy rest.
await import('./operations/lifecycle/node-version.js');
await import('./operations/lifecycle/signals.js');
(await import('node:module')).enableCompileCache();
const { runService } = await import('./operations/run-service.js');
const { loadInSteps } = await import('./operations/load-in-steps.js');

await runService(async (operations) => {
  await loadInSteps(
    () => import('typeorm'),
    () => import('@nestjs/typeorm'),
    () => import('ioredis'),
    () => import('@nestjs/swagger'),
    () => import('unleash-client'),
  );
  const [{ NestFactory }, { NestLogger }, { SETTINGS }, { AppModule }, { createHttpAdapter }, { configureHttp }] =
    await Promise.all([
      import('@nestjs/core'),
      import('./operations/logging/nest-logger.js'),
      import('./operations/config/settings.js'),
      import('./app.module.js'),
      import('./platform/http/http-adapter.js'),
      import('./platform/http/configure-http.js'),
    ]);
  const application = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(operations),
    createHttpAdapter(operations.get(SETTINGS)),
    { logger: operations.get(NestLogger), abortOnError: false, return503OnClosing: false },
  );
  await configureHttp(application);
  return application;
});
