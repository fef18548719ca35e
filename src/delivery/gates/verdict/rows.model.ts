interface Row {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/**
 * Rows of consecutive measurements, added in any order. Adding takes constant time, because a row is found by either
 * end.
 */
export class Rows {
  /** The length of the longest row. */
  longest = 0;
  private readonly byEnd = new Map<number, Row>();

  /**
   * Adds measurement n, once. One that does not count joins its neighbours into one row and does not make it longer.
   */
  add(n: number, counts: boolean): void {
    const before = this.byEnd.get(n - 1);
    const after = this.byEnd.get(n + 1);
    const row = {
      first: before?.first ?? n,
      last: after?.last ?? n,
      length: (before?.length ?? 0) + (after?.length ?? 0) + Number(counts),
    };
    // A former end is now inside the row, and is not needed any more.
    this.byEnd.delete(n - 1);
    this.byEnd.delete(n + 1);
    this.byEnd.set(row.first, row).set(row.last, row);
    this.longest = Math.max(this.longest, row.length);
  }
}
