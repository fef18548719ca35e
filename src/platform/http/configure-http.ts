import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Everything that every route shares. Call it before the application is initialised or listens. */
export async function configureHttp(_app: NestFastifyApplication): Promise<void> {}
