import type { OpsChange } from '../listener/ops-routes.js';

/** More refusals than these in a minute are only counted: whoever floods the port must not fill log and table. */
const REFUSALS_A_MINUTE = 10;
/** Entries that are being stored; while the database hangs those beyond stay in the log alone. */
const MOST_PENDING = 20;
const LONGEST_SUBJECT = 200;
/** What is not there is no secret: 404 is an answer. */
const refusalsOfReads = new Set([401, 403]);

/** A request for something that is not open to everybody, given or refused. */
export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly access: 'read' | 'write';
  readonly status: number;
  readonly change?: OpsChange | 'audited' | undefined;
}

export interface OperationsAuditEntry extends OpsChange {
  /** The thing and the verb: `loggers.put`. */
  readonly action: string;
  /** Its path on the operations port. */
  readonly subject: string;
  readonly status: number;
}

/** Where entries are kept for good. Operations does not know how; whoever does connects one. */
export interface OperationsAuditStore {
  record(entry: OperationsAuditEntry): Promise<void>;
}

interface AuditLogger {
  warn(about: object, text?: string): void;
}

/**
 * Who changes how the process runs is known afterwards, and so is who tried: in the log, and in the store where it can be
 * reached. Nobody waits for the store.
 */
export class OperationsAudit {
  #store: OperationsAuditStore | null = null;
  #refusedAt: number[] = [];
  /** Refusals since the last one that was logged. */
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
    const isRefused = access === 'write' ? status >= 400 && status < 500 : refusalsOfReads.has(status);
    if (access === 'read' && !isRefused) return;
    if (isRefused && !this.#mayTellOfRefusal()) return;
    const untold = isRefused ? this.#takeUntold() : 0;
    this.logger.warn({ context: 'OperationsAudit', method, path, access, status, ...(untold > 0 && { untold }) });
    if (change === 'audited') return;
    const topic = path.split('/', 2)[1];
    const subject = this.redact(path).slice(0, LONGEST_SUBJECT);
    const { before = null, after = null } = change ?? {};
    this.#keep({ action: `${topic}.${method.toLowerCase()}`, subject, status, before, after });
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
