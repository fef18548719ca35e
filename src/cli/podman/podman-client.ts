import { request as httpRequest, type IncomingMessage } from 'node:http';
import { PodmanError } from './podman-error.js';

/** The oldest API whose answers are read here; a newer Podman speaks it too. */
const API = '/v5.0.0/libpod';
/** More than any answer that is asked for; a log is asked for by lines. */
const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

export interface PodmanCall {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Without a single byte for so long the call has failed. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface PodmanAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Podman's REST API at one socket. Every call has a connection of its own: none is ever found closed.
 * It fails with a PodmanError, and with nothing else.
 */
export class PodmanClient {
  /** It is asked for the socket's path before every call. */
  constructor(private readonly socketPath: () => Promise<string>) {}

  async get<T>(path: string, call: PodmanCall = {}): Promise<T> {
    return parsed<T>(await this.#whole('GET', path, call));
  }

  async post<T>(path: string, call: PodmanCall = {}): Promise<T> {
    return parsed<T>(await this.#whole('POST', path, call));
  }

  async delete(path: string, call: PodmanCall = {}): Promise<void> {
    await this.#whole('DELETE', path, call);
  }

  /** The bytes of an answer as they came, of a log or of what a program printed. */
  async bytes(method: string, path: string, call: PodmanCall = {}): Promise<Buffer> {
    return (await this.#whole(method, path, call)).body;
  }

  /** The bytes of an answer as they come, as many as there are. */
  async stream(path: string, call: PodmanCall = {}): Promise<AsyncIterable<Buffer>> {
    const incoming = await this.#open('GET', path, call);
    if (incoming.statusCode !== 200) succeeded(await collected(incoming), `GET ${path}`);
    return incoming;
  }

  /** Null in place of a 404. */
  async find<T>(path: string, call: PodmanCall = {}): Promise<T | null> {
    const answer = await this.#send('GET', path, call);
    return answer.status === 404 ? null : parsed<T>(succeeded(answer, `GET ${path}`));
  }

  async #whole(method: string, path: string, call: PodmanCall): Promise<PodmanAnswer> {
    return succeeded(await this.#send(method, path, call), `${method} ${path}`);
  }

  async #send(method: string, path: string, call: PodmanCall): Promise<PodmanAnswer> {
    const incoming = await this.#open(method, path, call);
    return collected(incoming).catch((cause: Error) => {
      throw unanswered(method, path, cause);
    });
  }

  /** Fails while there is no answer, which may then be a long one. */
  async #open(method: string, path: string, call: PodmanCall): Promise<IncomingMessage> {
    const socketPath = await this.socketPath();
    const query = new URLSearchParams(call.query).toString();
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          socketPath,
          method,
          path: `${API}${path}${query === '' ? '' : `?${query}`}`,
          agent: false,
          headers: { host: 'podman', ...(body !== undefined && { 'content-type': 'application/json' }) },
          timeout: call.timeoutMs ?? TIMEOUT_MS,
          ...(call.signal && { signal: call.signal }),
        },
        resolve,
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('it said nothing in time')));
      outgoing.on('error', (error) => reject(unanswered(method, path, error)));
      outgoing.end(body);
    });
  }
}

function unanswered(method: string, path: string, cause: Error): PodmanError {
  return new PodmanError(`Podman did not answer ${method} ${path}: ${cause.message}`, null, { cause });
}

async function collected(incoming: IncomingMessage): Promise<PodmanAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`it said more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) };
}

function succeeded(answer: PodmanAnswer, call: string): PodmanAnswer {
  // 304 is Podman's "it is so already".
  if (answer.status < 300 || answer.status === 304) return answer;
  throw new PodmanError(`Podman refused ${call}: ${messageOf(answer)}`, answer.status);
}

function messageOf({ status, body }: PodmanAnswer): string {
  const text = body.toString();
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not from Podman's API then; what it said is all there is.
  }
  return text.trim().slice(0, 500) || `status ${status}`;
}

function parsed<T>({ body }: PodmanAnswer): T {
  if (body.length === 0) return undefined as T;
  try {
    return JSON.parse(body.toString()) as T;
  } catch (cause) {
    throw new PodmanError('Podman answered with something that is not JSON', null, { cause });
  }
}
