import type { AccessLevel } from '../access/access.js';

/** Refusals beyond this number in a minute are only counted, so that a flood does not fill log and table. */
const REFUSALS_A_MINUTE = 10;
/** Entries that are being stored. While the database hangs, further entries are only in the log. */
const MOST_PENDING = 20;
const LONGEST_SUBJECT = 200;
/** Not audited: a 404 reveals nothing. */
const refusalsOfReads = new Set([401, 403]);
/** Requests that are refused before their route is known: broken HTTP, and a wrong `Host`. */
const refusalsOfAll = new Set([400, 408, 413, 417, 421, 431]);

/** The change that a write has made. No secrets. */
export interface OpsChange {
  readonly before: object | null;
  readonly after: object | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The change, set by the handler of a write; `audited` if the maker of the change has audited it already. */
    change?: OpsChange | 'audited';
  }
}

/** A request and its answer. If it was not HTTP, method and path are ''. */
export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly access: AccessLevel;
  readonly status: number;
  readonly change?: OpsChange | 'audited' | undefined;
}

export interface OperationsAuditEntry extends OpsChange {
  /** The object and the verb: `loggers.put`. */
  readonly action: string;
  /** Its path on the operations port. */
  readonly subject: string;
  readonly status: number;
}

/** The permanent store of entries. Another module connects it, because operations knows no database. */
export interface OperationsAuditStore {
  record(entry: OperationsAuditEntry): Promise<void>;
}

interface AuditLogger {
  warn(about: object, text?: string): void;
}

/**
 * Records changes of the process, and refused attempts: in the log, and in the store if it is available. No request
 * waits for the store.
 */
export class OperationsAudit {
  #store: OperationsAuditStore | null = null;
  #refusedAt: number[] = [];
  /** Refusals that were not logged since the last one that was. */
  #untold = 0;
  readonly #pending = new Set<Promise<void>>();

  constructor(
    private readonly logger: AuditLogger,
    private readonly redact: (text: string) => string = (text) => text,
    private readonly now: () => number = () => performance.now(),
  ) {}

  connect(store: OperationsAuditStore): void {
    this.#store = store;
  }

  observe(request: GuardedRequest): void {
    const { method, path, access, status, change } = request;
    const isRefused = isRefusal(request);
    if (access !== 'write' && !isRefused) return;
    if (isRefused && !this.#mayTellOfRefusal()) return;
    const untold = isRefused ? this.#takeUntold() : 0;
    this.logger.warn({ context: 'OperationsAudit', method, path, access, status, ...(untold > 0 && { untold }) });
    if (change === 'audited') return;
    const subject = this.redact(path).slice(0, LONGEST_SUBJECT);
    const { before = null, after = null } = change ?? {};
    this.#keep({ action: actionOf(request), subject, status, before, after });
  }

  /** Resolves when nothing is being stored any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #mayTellOfRefusal(): boolean {
    const now = this.now();
    this.#refusedAt = this.#refusedAt.filter((at) => now - at < 60_000);
    if (this.#refusedAt.length >= REFUSALS_A_MINUTE) {
      this.#untold += 1;
      return false;
    }
    this.#refusedAt.push(now);
    return true;
  }

  #takeUntold(): number {
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }

  #keep(entry: OperationsAuditEntry): void {
    if (!this.#store || this.#pending.size >= MOST_PENDING) return;
    const stored = this.#store
      .record(entry)
      .catch((err: unknown) => this.logger.warn({ context: 'OperationsAudit', err }, 'the entry is in the log alone'))
      .finally(() => this.#pending.delete(stored));
    this.#pending.add(stored);
  }
}

function isRefusal({ access, status }: GuardedRequest): boolean {
  if (refusalsOfAll.has(status)) return true;
  return access === 'write' ? status >= 400 && status < 500 : access === 'read' && refusalsOfReads.has(status);
}

function actionOf({ method, path }: GuardedRequest): string {
  const topic = path.split('/', 2)[1] || 'unreadable';
  return method === '' ? topic : `${topic}.${method.toLowerCase()}`;
}
