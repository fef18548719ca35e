import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ProbeError } from '../probes/probe-error.js';
import type { JudgedAddress } from '../probes/probe-targets.js';

/** More than any answer of one series, and room for enough of too many to tell how many they are. */
const MAX_BODY_BYTES = 256 * 1024;
/** Each costs the event loop a microsecond or two. */
const MAX_CHUNKS = 4096;

/** Agents of our own heed no proxy of the environment; a fresh connection each time is never one that was just closed. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

export interface BoundedRequest {
  readonly url: URL;
  /** They are tried in turn until one accepts a connection; the name is not looked up again. */
  readonly addresses: readonly JudgedAddress[];
  readonly authorization: string | null;
  /** Beside those of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** From here to the end of the body. */
  readonly timeoutMs: number;
  /** In place of the authorities that Node knows. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** The time was over before the whole answer was there. */
export class TookTooLong extends ProbeError {
  override readonly name = 'TookTooLong';
}

/** GETs once: no redirects, no retries, a bounded body. @throws ProbeError, whose message can be shown */
export function askOnce(asked: BoundedRequest): Promise<Answer> {
  const { url, timeoutMs } = asked;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(optionsFor(asked));
    const late = new TookTooLong(`Prometheus did not answer within ${timeoutMs} ms`);
    const timer = setTimeout(() => request.destroy(late), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      request.destroy();
      reject(error instanceof ProbeError || error.name === 'AbortError' ? error : unreached(error));
    };
    request.on('error', fail);
    request.on('response', (response) =>
      read(response, fail, (answer) => {
        clearTimeout(timer);
        request.destroy();
        resolve(answer);
      }),
    );
    request.end();
  });
}

function read(response: IncomingMessage, fail: (error: Error) => void, succeed: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) fail(new ProbeError(`Prometheus answered more than ${MAX_BODY_BYTES / 1024} KiB`));
    // A copy: a chunk of one byte keeps 64 KiB alive.
    else if (chunks.push(Buffer.from(chunk)) > MAX_CHUNKS)
      fail(new ProbeError('Prometheus answered in too many pieces'));
  });
  response.on('error', fail);
  response.on('end', () => succeed({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
}

function optionsFor({ url, addresses, authorization, headers, timeoutMs, ca, signal }: BoundedRequest) {
  const isSecure = url.protocol === 'https:';
  const hostname = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return {
    agent: isSecure ? AGENTS['https:'] : AGENTS['http:'],
    host: hostname,
    port: url.port || (isSecure ? 443 : 80),
    path: url.pathname + url.search,
    headers: {
      ...headers,
      'user-agent': 'Plimsoll',
      accept: 'application/json',
      ...(authorization !== null && { authorization }),
    },
    lookup: pinnedTo(addresses),
    // Each address has its share of the time, should one never answer.
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(timeoutMs / addresses.length)),
    ...(isSecure && isIP(hostname) === 0 && { servername: hostname }),
    ...(ca !== undefined && { ca }),
    ...(signal && { signal }),
  };
}

/** Answers the addresses that were judged, in place of whatever the name leads to by now. */
function pinnedTo(addresses: readonly JudgedAddress[]): LookupFunction {
  return (_name, { all }, found) => {
    const [first] = addresses;
    if (all) found(null, [...addresses]);
    else if (first) found(null, first.address, first.family);
    else found(new Error('no address was judged'), '', 4);
  };
}

function unreached(error: Error): ProbeError {
  const faults = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const told = faults.map(({ message }) => message || String((error as NodeJS.ErrnoException).code)).join('; ');
  return new ProbeError(`Prometheus was not reached: ${told}`, { cause: error });
}
