import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { overloaded } from '../../platform/http/bytes-in-flight.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import { httpErrors } from '../../platform/http/problems/http.errors.js';
import { ImportBatches } from './import-batches.js';
import { ImportRun, Outcomes } from './import-run.js';
import type { ImportLine, ImportView } from './imports.dto.js';
import { importInterrupted } from './imports.errors.js';
import { type IncomingLine, incomingLines, SilentSender } from './incoming-lines.js';
import { readLine } from './read-line.js';
import { WaitingLines } from './waiting-lines.js';

export const MOST_LINE_BYTES = 1024 * 1024;

/** Written in one transaction. Their text is parsed in one turn of the loop, which others wait for. */
const BATCH_LINES = 500;
const BATCH_BYTES = 256 * 1024;

/** Of this instance. Each holds a batch, and a connection now and then. */
const MOST_AT_ONCE = 4;

const IDLE_MS = 30_000;
const MOST_MS = 60 * 60_000;

export interface Import {
  readonly request: IncomingMessage;
  readonly principal: Principal;
  /** Throws once the token is no longer good. */
  readonly judge: () => Promise<void>;
}

interface Batch {
  readonly entries: { readonly number: number; readonly entry: ImportLine }[];
  readonly outcomes: Outcomes;
  bytes: number;
  lines: number;
}

/** Takes in the history of another tool, line by line, so that no import is too large. */
@Injectable()
export class ImportsService {
  private readonly log = new Logger('Imports');
  private underWay = 0;

  constructor(
    private readonly database: Database,
    private readonly batches: ImportBatches,
    private readonly waiting: WaitingLines,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
  ) {}

  /** @throws DomainError `overloaded`, `import-interrupted`; 401 once the token is no longer good */
  async run(asked: Import): Promise<ImportView> {
    if (this.underWay === MOST_AT_ONCE) throw overloaded(`${MOST_AT_ONCE} imports are being taken in.`);
    this.underWay += 1;
    const run = new ImportRun();
    try {
      await this.read(run, asked);
      await this.settle(run, asked.principal);
      return run.view;
    } catch (error) {
      throw this.told(error, run);
    } finally {
      this.underWay -= 1;
      // The answer does not wait for it: an instance that stops has little time left. What stays is swept some days later.
      this.waiting.forget(run.id).catch((error: unknown) => this.log.debug(error));
    }
  }

  private async read(run: ImportRun, { request, principal, judge }: Import): Promise<void> {
    const signal = AbortSignal.any([this.shutdown.stragglersSignal, AbortSignal.timeout(MOST_MS)]);
    let batch = emptyBatch();
    for await (const lines of incomingLines(request, { mostBytes: MOST_LINE_BYTES, idleMs: IDLE_MS, signal })) {
      for (const line of lines) {
        this.put(batch, line);
        if (batch.lines < BATCH_LINES && batch.bytes < BATCH_BYTES) continue;
        await judge();
        await this.write(run, principal, batch);
        batch = emptyBatch();
        // Where nothing was to be written nothing was waited for, and the loop would stand still to the end of the body.
        await nextTurn();
      }
    }
    await this.write(run, principal, batch);
  }

  private put(batch: Batch, line: IncomingLine): void {
    const read = readLine(line, this.clock.now(), MOST_LINE_BYTES);
    batch.lines += 1;
    batch.bytes += line.bytes?.length ?? 0;
    if (read instanceof DomainError) batch.outcomes.refused.push({ number: line.number, error: read });
    else if (read) batch.entries.push({ number: line.number, entry: read });
  }

  private async write(run: ImportRun, principal: Principal, { entries, outcomes, lines }: Batch): Promise<void> {
    run.count(outcomes);
    if (entries.length > 0) {
      await this.inOneGo(run, principal, (tx, made) => this.batches.take(tx, run.id, principal, entries, made));
    }
    run.lines += lines;
  }

  /** The last line is in: what waited for it is written, or refused. */
  private async settle(run: ImportRun, principal: Principal): Promise<void> {
    for await (const lines of this.waiting.of(run.id, 'deployment')) {
      await this.inOneGo(run, principal, (tx, made) => this.batches.settleDeployments(tx, principal, lines, made));
    }
    for await (const lines of this.waiting.of(run.id, 'incident')) {
      await this.inOneGo(run, principal, (tx, made) => this.batches.settleIncidents(tx, lines, made));
    }
  }

  /** One transaction, and its entry in the audit log. It may be done again after a deadlock, and counts once. */
  private async inOneGo(
    run: ImportRun,
    principal: Principal,
    work: (tx: EntityManager, made: Outcomes) => Promise<void>,
  ): Promise<void> {
    const outcomes = await this.database.transaction(async (tx) => {
      const made = new Outcomes();
      await work(tx, made);
      if (made.createdInAll > 0) {
        const subject = `imports/${run.id}`;
        await this.audit.record(tx, { principal, action: 'import.create', subject, before: null, after: made.created });
      }
      return made;
    });
    run.count(outcomes);
  }

  /** What came before is kept: that is more than the client hears of any other failure. */
  private told(error: unknown, run: ImportRun): unknown {
    if (this.shutdown.stragglersSignal.aborted)
      return importInterrupted('This instance is stopping.', run.lines, error);
    if (error instanceof SilentSender) return new DomainError(httpErrors.requestTimeout, error.message);
    if (!(error instanceof DomainError)) {
      const { name, code } = error as { name?: string; code?: string };
      if (name === 'TimeoutError') return importInterrupted('An import takes an hour at most.', run.lines, error);
      if (code !== 'ECONNRESET' && code !== 'ABORT_ERR' && code !== 'ERR_STREAM_PREMATURE_CLOSE') return error;
      return new DomainError(httpErrors.requestTimeout, 'The body did not arrive in full.', {}, { cause: error });
    }
    return error.status === 503 && error.code !== 'overloaded'
      ? importInterrupted(`${error.error.title}.`, run.lines, error)
      : error;
  }
}

function emptyBatch(): Batch {
  return { entries: [], outcomes: new Outcomes(), bytes: 0, lines: 0 };
}
