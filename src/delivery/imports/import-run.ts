import { randomUUIDv7 } from 'node:crypto';
import type { DomainError } from '../../platform/http/problems/domain-error.js';
import { cut } from '../../operations/problems/field-errors.js';
import type { ImportView } from './imports.dto.js';

/** More of them tell nobody anything new. */
const MOST_REFUSED = 1000;
const LONGEST_DETAIL = 500;

export interface RefusedLine {
  readonly number: number;
  readonly error: DomainError;
}

/** What became of some lines. It counts once the transaction that made it so is committed. */
export class Outcomes {
  readonly created = { releases: 0, deployments: 0, incidents: 0 };
  existing = 0;
  readonly refused: RefusedLine[] = [];

  /** Of lines of one kind; those that wait have no outcome yet. */
  add(
    kind: keyof Outcomes['created'],
    numbers: readonly number[],
    outcomes: readonly ('created' | 'existing' | 'waits' | DomainError)[],
  ): void {
    outcomes.forEach((outcome, n) => {
      if (outcome === 'created') this.created[kind] += 1;
      else if (outcome === 'existing') this.existing += 1;
      else if (outcome !== 'waits') this.refused.push({ number: numbers[n] ?? 0, error: outcome });
    });
  }

  get createdInAll(): number {
    const { releases, deployments, incidents } = this.created;
    return releases + deployments + incidents;
  }
}

/** One import, as far as it has come. */
export class ImportRun {
  readonly id = randomUUIDv7();
  private created = 0;
  private existing = 0;
  private moreRefused = 0;
  private readonly refused: ImportView['refused'] = [];
  /** The last line that was taken in. */
  lines = 0;

  count(outcomes: Outcomes): void {
    this.created += outcomes.createdInAll;
    this.existing += outcomes.existing;
    for (const each of outcomes.refused) this.refuse(each);
  }

  get view(): ImportView {
    // Lines that waited were judged last.
    const refused = this.refused.toSorted((one, other) => one.line - other.line);
    const { created, existing, moreRefused } = this;
    return { created, existing, refused, ...(moreRefused > 0 && { moreRefused }) };
  }

  private refuse({ number, error }: RefusedLine): void {
    if (this.refused.length === MOST_REFUSED) this.moreRefused += 1;
    else this.refused.push({ line: number, code: error.code, detail: cut(error.detail, LONGEST_DETAIL) });
  }
}
