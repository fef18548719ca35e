import type { Ending } from './exit-codes.js';

/** Ends the command: what is wrong, why, and what would mend it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly why: string | null;
  readonly mend: string | null;

  constructor(
    readonly ending: Ending,
    what: string,
    { why = null, mend = null, cause }: { why?: string | null; mend?: string | null; cause?: unknown } = {},
  ) {
    super(what, { cause });
    this.why = why;
    this.mend = mend;
  }
}
