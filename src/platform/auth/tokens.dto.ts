import { z } from 'zod';
import { instant, slug, text, uuid } from '../http/input/fields.js';
import { pageQuery } from '../http/page.js';
import { ROLES } from './principal.js';

export const createTokenBody = z
  .strictObject({
    name: text(100, 1).meta({ description: 'Shown as the actor of what is done with it.' }),
    role: z.enum(ROLES),
    service: slug
      .nullable()
      .default(null)
      .meta({ description: 'The one service that the token is for; null for all.' }),
    expiresAt: instant.nullable().default(null),
  })
  .meta({ id: 'CreateToken' });

export type CreateToken = z.output<typeof createTokenBody>;

export const listTokensQuery = pageQuery;

export type ListTokens = z.output<typeof listTokensQuery>;

export const tokenView = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(ROLES),
    service: z.string().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Token' });

export type TokenView = z.output<typeof tokenView>;

export const newTokenView = tokenView
  .extend({ token: z.string().meta({ description: 'Shown this once; only its hash is kept.' }) })
  .meta({ id: 'NewToken' });

export type NewTokenView = z.output<typeof newTokenView>;

export const tokenPage = z.strictObject({ items: z.array(tokenView) }).meta({ id: 'TokenPage' });

export const currentTokenView = tokenView
  .pick({ name: true, role: true, service: true })
  .meta({ id: 'CurrentToken', description: 'The token of the request; of an issuer, its issuer and subject as name.' });

export type CurrentTokenView = z.output<typeof currentTokenView>;

export const tokenId = uuid;
