interface Row {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/**
 * Rows of numbered measurements that follow each other, whatever order they come in. Each is added in constant time: a
 * row is found by either of its ends.
 */
export class Rows {
  /** The length of the longest row. */
  longest = 0;
  private readonly byEnd = new Map<number, Row>();

  /** Adds measurement n, once. One that does not count joins its neighbours to one row and makes it no longer. */
  add(n: number, counts: boolean): void {
    const before = this.byEnd.get(n - 1);
    const after = this.byEnd.get(n + 1);
    const row = {
      first: before?.first ?? n,
      last: after?.last ?? n,
      length: (before?.length ?? 0) + (after?.length ?? 0) + Number(counts),
    };
    // What was an end lies inside now, and nobody asks for it again.
    this.byEnd.delete(n - 1);
    this.byEnd.delete(n + 1);
    this.byEnd.set(row.first, row).set(row.last, row);
    this.longest = Math.max(this.longest, row.length);
  }
}
