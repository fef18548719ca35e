import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Settings } from '../../operations/config/settings.js';

/** The Fastify of the main port. */
export function createHttpAdapter(_settings: Settings): FastifyAdapter {
  return new FastifyAdapter();
}
