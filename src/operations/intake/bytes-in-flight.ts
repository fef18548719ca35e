/** A budget of bytes that requests and answers hold at once, so that many of them cannot exhaust the memory together. */
export class BytesInFlight {
  #held = 0;

  constructor(readonly most: number) {}

  get held(): number {
    return this.#held;
  }

  /** False, with nothing taken, where less than `left` would be left for others. Whoever takes gives back. */
  take(bytes: number, left = 0): boolean {
    if (this.#held + bytes > this.most - left) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}

/** What one exchange holds of the budget; all of it is given back at once, when the exchange is over. */
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
