import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { cacheMetrics, Caches } from './caches.js';
import { RedisConnection } from './redis-connection.js';

@Module({
  imports: [DatabaseModule],
  providers: [...cacheMetrics, Caches, RedisConnection],
  exports: [Caches, RedisConnection],
})
export class CacheModule {}
