import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Secrets } from '../config/secrets.js';
import { settingsPart } from '../config/settings-part.js';

/** `open` to whoever reaches the port; the others need the token, and are capped by `OPS_MAX_ACCESS`. */
export type AccessLevel = 'open' | 'read' | 'write';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessLevel;
  }
}

export const accessConfig = settingsPart('access', 'opsMaxAccess');

const levels = { none: 0, read: 1, write: 2 } as const;

/** What a route of the operations port asks of whoever calls it. A route without it is one that writes. */
export const Access = (access: AccessLevel): MethodDecorator => RouteConfig({ access });

/** Who has the token, and what they may do with it. */
@Injectable()
export class OpsAccess {
  constructor(
    @Inject(accessConfig.KEY) private readonly config: ConfigType<typeof accessConfig>,
    private readonly secrets: Secrets,
  ) {}

  /** Without a token nobody can have what needs one. */
  get isOffered(): boolean {
    return Boolean(this.secrets.get('opsToken'));
  }

  get most(): keyof typeof levels {
    return this.config.opsMaxAccess;
  }

  allows(access: 'read' | 'write'): boolean {
    return levels[access] <= levels[this.most];
  }

  /** Compares in constant time; hashes have one length. */
  hasToken({ authorization }: { authorization?: string | undefined }): boolean {
    const opsToken = this.secrets.get('opsToken');
    const given = authorization?.match(/^Bearer (.+)$/i)?.[1];
    return opsToken !== undefined && given !== undefined && timingSafeEqual(sha256(given), sha256(opsToken));
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
