import { type StatusClass, statusClassOf } from '../../../operations/outbound/call-durations.js';
import type { OutboundCalls } from '../../../operations/outbound/outbound-calls.js';

const ANSWERS_WITHIN_MS = 5000;
const MOST_BYTES = 256 * 1024;

/**
 * The key set that an issuer publishes: where it is stands in its discovery document, which must be its own. No
 * redirect is followed, and nothing is read past 256 KiB or 5 s.
 */
export async function fetchKeys(issuer: string, outbound: OutboundCalls): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const base = issuer.endsWith('/') ? issuer : `${issuer}/`;
  const discovery = await getJson(new URL('.well-known/openid-configuration', base), signal, outbound);
  const { issuer: named, jwks_uri: uri } = discovery as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error(`the discovery document is that of another issuer`);
  const keysUrl = typeof uri === 'string' ? URL.parse(uri) : null;
  if (!keysUrl || keysUrl.protocol !== new URL(issuer).protocol) throw new Error('jwks_uri is no fitting URL');
  return getJson(keysUrl, signal, outbound);
}

async function getJson(url: URL, signal: AbortSignal, outbound: OutboundCalls): Promise<unknown> {
  const startedAt = performance.now();
  const observe = (outcome: StatusClass) => outbound.observe('oidc', outcome, (performance.now() - startedAt) / 1000);
  try {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    const text = await readText(response);
    observe(statusClassOf(response.status));
    if (response.status !== 200) throw new UnfitAnswer(`${url.href} answered ${response.status}`);
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof UnfitAnswer || error instanceof SyntaxError)) observe(signal.aborted ? 'timeout' : 'error');
    throw error;
  }
}

/** An answer that came, and is counted. */
class UnfitAnswer extends Error {}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
  }
  return text + decoder.decode();
}
