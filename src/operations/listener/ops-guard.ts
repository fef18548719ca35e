import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../config/secrets.js';
import type { Settings } from '../config/settings.js';
import { problem } from './ops-answers.js';
import type { WireRequest } from './ops-responder.js';
import type { OpsAnswer, OpsRoute } from './ops-routes.js';

const WRITES_A_MINUTE = 10;
const levels = { none: 0, read: 1, write: 2 } as const;

/** Who may have what on the operations port. Probes, metrics and info are open; nothing else is without a token. */
export class OpsGuard {
  #writesAt: number[] = [];

  constructor(
    private readonly maxAccess: Settings['opsMaxAccess'],
    private readonly secrets: Pick<Secrets, 'get'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  refusalOf({ access }: OpsRoute, request: WireRequest): OpsAnswer | undefined {
    if (access === 'open') return undefined;
    // As if it were not there: without a token nobody can have it.
    if (!this.secrets.get('opsToken')) return problem(404, 'There is nothing here.');
    if (!this.isAuthorized(request.headers)) {
      return problem(401, 'The token is missing or wrong.', { 'WWW-Authenticate': 'Bearer' });
    }
    if (levels[access] > levels[this.maxAccess]) {
      return problem(403, `OPS_MAX_ACCESS is ${this.maxAccess}; this needs ${access}.`);
    }
    return access === 'write' ? this.#refusalOfWrite(request) : undefined;
  }

  /** Compares in constant time; hashes have one length. */
  isAuthorized({ authorization }: WireRequest['headers']): boolean {
    const opsToken = this.secrets.get('opsToken');
    const given = authorization?.match(/^Bearer (.+)$/i)?.[1];
    return opsToken !== undefined && given !== undefined && timingSafeEqual(sha256(given), sha256(opsToken));
  }

  #refusalOfWrite({ headers, body }: WireRequest): OpsAnswer | undefined {
    // A browser on an operator's machine can reach this port; whatever page it shows must not.
    if (headers.origin !== undefined) return problem(403, 'Browsers have no business here.');
    if (body !== '' && !/^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '')) {
      return problem(415, 'The body must be JSON.');
    }
    const now = this.now();
    this.#writesAt = this.#writesAt.filter((at) => now - at < 60_000);
    if (this.#writesAt.length >= WRITES_A_MINUTE) {
      return problem(429, `At most ${WRITES_A_MINUTE} writes a minute.`, { 'Retry-After': '60' });
    }
    this.#writesAt.push(now);
    return undefined;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
