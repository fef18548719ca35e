import { setTimeout as delay } from 'node:timers/promises';

export interface RetryOptions {
  /** For how long a call is tried again in all; 30 s unless given, 0 for never. */
  readonly retryForMs?: number;
  /** For one answer, beside the time that the call itself asks Plimsoll to wait; 15 s unless given. */
  readonly timeoutMs?: number;
  readonly onRetry?: (why: string, inMs: number) => void;
}

/** Nobody has answered: no connection, no whole answer, or not in time. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 5000;

/**
 * `fetch` with a time limit, that tries again where that cannot do a thing twice. That is what may be repeated by its
 * nature (everything but POST), by an Idempotency-Key, or by the API's promise (the reports of a deployment). Any other
 * POST is sent again only after a 429, and where no connection was made. `Retry-After` counts; a longer one than is left
 * ends the attempts.
 */
export function retryingFetch({ retryForMs = 30_000, timeoutMs = 15_000, onRetry }: RetryOptions) {
  return async (request: Request): Promise<Response> => {
    const until = Date.now() + retryForMs;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await tried(request.clone(), timeoutMs);
      const pauseMs = pauseBefore(attempt, outcome);
      const isOver = attempt >= MOST_ATTEMPTS || Date.now() + pauseMs > until;
      if (isOver || !(await mayRepeat(request, outcome))) return settled(outcome);
      onRetry?.(reasonOf(outcome), pauseMs);
      await delay(pauseMs, undefined, { signal: request.signal });
    }
  };
}

type Outcome = Response | UnreachableError;

async function tried(request: Request, timeoutMs: number): Promise<Outcome> {
  const waitMs = Number(new URL(request.url).searchParams.get('wait') ?? 0) * 1000;
  const late = AbortSignal.timeout(timeoutMs + waitMs);
  try {
    // undici takes a request's own signal from `init` only where it is given there.
    return await fetch(request, { signal: AbortSignal.any([request.signal, late]) });
  } catch (error) {
    // Who called does not want it any more.
    request.signal.throwIfAborted();
    const why = late.aborted ? `did not answer within ${(timeoutMs + waitMs) / 1000} s` : causeOf(error);
    return new UnreachableError(`${new URL(request.url).origin} ${why}`, { cause: error });
  }
}

function settled(outcome: Outcome): Response {
  if (outcome instanceof UnreachableError) throw outcome;
  return outcome;
}

const TROUBLED = new Set([429, 502, 503, 504]);
const REPORT = /\/v1\/deployments\/[^/]+\/(heartbeat|deployed|failed|cancel)$/;

async function mayRepeat(request: Request, outcome: Outcome): Promise<boolean> {
  const isUnanswered = outcome instanceof UnreachableError;
  if (isUnanswered ? codeOf(outcome) === 'ECONNREFUSED' : outcome.status === 429) return true;
  // The same request, sent before, is still being worked on.
  if (!isUnanswered && outcome.status === 409) return (await outcome.clone().text()).includes('idempotency-in-flight');
  const isRepeatable =
    request.method !== 'POST' || request.headers.has('idempotency-key') || REPORT.test(new URL(request.url).pathname);
  return isRepeatable && (isUnanswered || TROUBLED.has(outcome.status));
}

function pauseBefore(attempt: number, outcome: Outcome): number {
  const asked = outcome instanceof UnreachableError ? null : outcome.headers.get('retry-after');
  if (asked !== null && /^\d{1,6}$/.test(asked)) return Math.max(Number(asked) * 1000, 100);
  const pauseMs = Math.min(250 * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  // Of many that were refused at once, not all come again at once.
  return pauseMs * (0.5 + Math.random() / 2);
}

function reasonOf(outcome: Outcome): string {
  return outcome instanceof UnreachableError
    ? outcome.message
    : `${new URL(outcome.url).origin} answers ${outcome.status}`;
}

/** Of several addresses that were tried, each has an error of its own. */
function codeOf(error: unknown): string | undefined {
  const { code, cause, errors } = error as { code?: string; cause?: unknown; errors?: unknown[] };
  return code ?? (cause === undefined ? undefined : codeOf(cause)) ?? (errors?.length ? codeOf(errors[0]) : undefined);
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'takes no connection',
  ENOTFOUND: 'is not known by that name',
  EAI_AGAIN: 'could not be looked up',
  ECONNRESET: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'takes no connection in time',
  ETIMEDOUT: 'takes no connection in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that nobody vouches for',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that nobody vouches for',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that nobody vouches for',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate of another name',
};

function causeOf(error: unknown): string {
  const code = codeOf(error);
  return (code && causes[code]) ?? `cannot be reached (${code ?? (error as Error).message})`;
}
