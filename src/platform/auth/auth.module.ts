import { Module } from '@nestjs/common';
import { ConfigModule } from '../../operations/config/config.module.js';
import { CacheModule } from '../cache/cache.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { Authenticator } from './authenticator.js';
import { bootstrapConfig, BootstrapToken } from './bootstrap-token.js';
import { oidcConfig, OidcTokens } from './oidc/oidc-tokens.js';
import { RateLimit } from './rate-limit.js';
import { ExpiredTokens } from './expired-tokens.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';

@Module({
  imports: [
    ConfigModule.forFeature(bootstrapConfig),
    ConfigModule.forFeature(oidcConfig),
    DatabaseModule,
    CacheModule,
    JobsModule,
  ],
  controllers: [TokensController],
  providers: [Authenticator, BootstrapToken, ExpiredTokens, OidcTokens, RateLimit, TokensService],
  exports: [Authenticator, RateLimit],
})
export class AuthModule {}
