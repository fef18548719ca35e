import { Provider } from 'oidc-provider';

/**
 * A real issuer, as `http` serves it: its one client gets tokens for a resource with its secret, as JSON Web Tokens with
 * these claims beside those of the standard.
 *
 * @param {string} url
 * @param {{ keys: object[], subject: string, claims: object, ttlSeconds: number }} options
 * @returns {import('node:http').RequestListener}
 */
export function oidcProvider(url, { keys, subject, claims, ttlSeconds }) {
  const provider = new Provider(url, {
    jwks: { keys },
    clients: [
      {
        client_id: subject,
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    extraTokenClaims: () => claims,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          audience,
          scope: '',
          accessTokenTTL: ttlSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  return provider.callback();
}
