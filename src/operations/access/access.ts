import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Secrets } from '../config/secrets.js';
import { settingsPart } from '../config/settings-part.js';

/** `open` to every client; the others require the token, and `OPS_MAX_ACCESS` limits them. */
export type AccessLevel = 'open' | 'read' | 'write';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessLevel;
  }
}

export const accessConfig = settingsPart('access', 'opsMaxAccess');

const levels = { none: 0, read: 1, write: 2 } as const;

/** The access that a route of the operations port requires. A route without it counts as a write. */
export const Access = (access: AccessLevel): MethodDecorator => RouteConfig({ access });

/** Who has the token, and what it allows. */
@Injectable()
export class OpsAccess {
  constructor(
    @Inject(accessConfig.KEY) private readonly config: ConfigType<typeof accessConfig>,
    private readonly secrets: Secrets,
  ) {}

  /** Without a configured token, routes that require it are closed to everybody. */
  get isOffered(): boolean {
    return Boolean(this.secrets.get('opsToken'));
  }

  get most(): keyof typeof levels {
    return this.config.opsMaxAccess;
  }

  allows(access: 'read' | 'write'): boolean {
    return levels[access] <= levels[this.most];
  }

  /** Compares in constant time. It compares hashes, which all have the same length. */
  hasToken({ authorization }: { authorization?: string | undefined }): boolean {
    const opsToken = this.secrets.get('opsToken');
    const given = authorization?.match(/^Bearer (.+)$/i)?.[1];
    return opsToken !== undefined && given !== undefined && timingSafeEqual(sha256(given), sha256(opsToken));
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
