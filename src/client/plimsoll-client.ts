import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api-types.js';
import { ProblemError } from './problem-error.js';
import { retryingFetch, type RetryOptions } from './retrying-fetch.js';

export type Schemas = components['schemas'];

export interface ClientOptions extends RetryOptions {
  /** Where Plimsoll listens: `https://plimsoll.example.com`. */
  readonly url: string;
  /** Asked for with each call, so that a token of an issuer may be a new one each time. */
  readonly token?: () => string | Promise<string>;
  readonly userAgent?: string;
}

export type PlimsollClient = Client<paths>;

/** A path is put behind it. */
export const withoutSlash = (url: string) => (url.endsWith('/') ? url.slice(0, -1) : url);

/**
 * Every route of the API with its types. What may be sent twice is sent again while Plimsoll or the way to it is in
 * trouble: `retrying-fetch.ts` says what, and for how long.
 */
export function createPlimsollClient({ url, token, userAgent, ...retries }: ClientOptions): PlimsollClient {
  const client = createFetchClient<paths>({ baseUrl: withoutSlash(url), fetch: retryingFetch(retries) });
  client.use({
    onRequest: async ({ request }) => {
      if (token) request.headers.set('authorization', `Bearer ${await token()}`);
      if (userAgent !== undefined) request.headers.set('user-agent', userAgent);
    },
  });
  return client;
}

interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was answered; throws a `ProblemError` for an answer of 400 and above. */
export async function answered<Data>(call: Promise<Answered<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  if (!response.ok) throw ProblemError.of(response, error);
  return data as NonNullable<Data>;
}
