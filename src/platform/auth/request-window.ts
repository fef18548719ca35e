/** Counts by key in windows of one length, which begin and end for all keys together. */
export class RequestWindow {
  private counts = new Map<string, number>();
  private endsAt = 0;

  constructor(private readonly lengthMs: number) {}

  /** How many there were of this key in the window under way, this one included. */
  count(key: string): number {
    const now = performance.now();
    if (now >= this.endsAt) {
      this.counts = new Map();
      this.endsAt = now + this.lengthMs;
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }

  get secondsLeft(): number {
    return Math.max(1, Math.ceil((this.endsAt - performance.now()) / 1000));
  }
}
