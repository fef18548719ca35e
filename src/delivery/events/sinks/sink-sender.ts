import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ProbeTargets } from '../../../platform/probes/probe-targets.js';
import type { SinkMessage } from './sink-message.js';

const TIMEOUT_MS = 10_000;

/** No proxy of the environment has a say, and what a connection was judged for stays true while it is kept. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

/** What became of a message. Only what the sink refused for good is `refused`. */
export type Sent = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'failed'; readonly error: string };

/** The payload itself is at fault: the same again would be answered the same. */
const REFUSALS = new Set([400, 413, 415, 422]);

/** Sends to a sink: to an address that was judged, once; redirects are not followed, and nothing of the answer is read. */
@Injectable()
export class SinkSender {
  constructor(private readonly targets: ProbeTargets) {}

  /** Never rejects; the error names no part of the URL but its host. */
  async send(target: string, message: SinkMessage): Promise<Sent> {
    try {
      const url = new URL(target);
      const [address] = await this.targets.resolve(url, { withinMs: TIMEOUT_MS, run: this });
      if (!address) return { kind: 'failed', error: `${url.host} has no address` };
      const status = await post(url, address, message);
      if (status >= 200 && status < 300) return { kind: 'taken' };
      return { kind: REFUSALS.has(status) ? 'refused' : 'failed', error: `${url.host} answered ${status}` };
    } catch (error) {
      return { kind: 'failed', error: (error as Error).message.slice(0, 300) };
    }
  }
}

function post(
  url: URL,
  { address, family }: { address: string; family: number },
  { body, headers }: SinkMessage,
): Promise<number> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? requestHttps : requestHttp)({
      agent: isSecure ? AGENTS['https:'] : AGENTS['http:'],
      method: 'POST',
      host: address,
      family,
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, 'user-agent': 'Plimsoll', 'content-length': Buffer.byteLength(body) },
      ...(isSecure && isIP(url.hostname) === 0 && !url.hostname.startsWith('[') ? { servername: url.hostname } : {}),
    });
    const timer = setTimeout(() => outgoing.destroy(new Error(`${url.host} did not answer in 10 s`)), TIMEOUT_MS);
    outgoing.on('response', (response) => {
      clearTimeout(timer);
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end(body);
  });
}
