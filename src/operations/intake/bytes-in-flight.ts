/**
 * A budget of bytes for all requests and answers at the same time, so that many of them together cannot exhaust the
 * memory.
 */
export class BytesInFlight {
  #held = 0;

  constructor(readonly most: number) {}

  get held(): number {
    return this.#held;
  }

  /**
   * Takes bytes from the budget. Returns false, and takes nothing, if less than `left` would remain. The caller must
   * give the bytes back.
   */
  take(bytes: number, left = 0): boolean {
    if (this.#held + bytes > this.most - left) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}

/** The bytes that one exchange holds. All are given back at once, at the end of the exchange. */
export class Share {
  #bytes = 0;

  constructor(
    private readonly budget: BytesInFlight,
    private readonly left = 0,
  ) {}

  take(bytes: number): boolean {
    const isTaken = this.budget.take(bytes, this.left);
    if (isTaken) this.#bytes += bytes;
    return isTaken;
  }

  giveBackAll(): void {
    this.budget.giveBack(this.#bytes);
    this.#bytes = 0;
  }
}
