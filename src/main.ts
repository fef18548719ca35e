import { enableCompileCache } from 'node:module';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

// Loaded in steps: what owns the signals, then what answers probes, then the heavy rest.
await import('./operations/lifecycle/signals.js');
enableCompileCache();
const { runService } = await import('./operations/run-service.js');

await runService(async (service) => {
  await import('reflect-metadata');
  const [{ NestFactory }, { NestLogger }, { AppModule }, { createHttpAdapter }, { configureHttp }] = await Promise.all([
    import('@nestjs/core'),
    import('./operations/logging/nest-logger.js'),
    import('./app.module.js'),
    import('./platform/http/http-adapter.js'),
    import('./platform/http/configure-http.js'),
  ]);
  const { settings } = service.configuration;
  const application = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, service),
    createHttpAdapter(),
    { logger: new NestLogger(service.log), abortOnError: false, return503OnClosing: false },
  );
  await configureHttp(application);
  return application;
});
