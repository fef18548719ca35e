/** One of the parties that share a turnstile. */
export class Party {
  inside = 0;
  readonly waiting: (() => void)[] = [];
}

/**
 * Limits how much work runs at once, in total and for each party. Waiting parties take turns, so that slow work of one
 * party does not delay the others.
 */
export class Turnstile {
  private inside = 0;
  private readonly queue: Party[] = [];

  constructor(
    private readonly most: number,
    private readonly mostOfParty: number,
  ) {}

  /** Does the work as soon as there is capacity for it. */
  pass<Result>(party: Party, work: () => Promise<Result>): Promise<Result> {
    if (this.hasRoom && party.inside < this.mostOfParty) return this.enter(party, work);
    return new Promise((resolve, reject) => {
      party.waiting.push(() => void this.enter(party, work).then(resolve, reject));
      if (party.inside < this.mostOfParty) this.queue.push(party);
    });
  }

  private get hasRoom(): boolean {
    return this.inside < this.most;
  }

  private async enter<Result>(party: Party, work: () => Promise<Result>): Promise<Result> {
    this.inside += 1;
    party.inside += 1;
    try {
      return await work();
    } finally {
      this.inside -= 1;
      party.inside -= 1;
      if (party.waiting.length > 0) this.queue.push(party);
      this.admit();
    }
  }

  private admit(): void {
    while (this.hasRoom) {
      const party = this.queue.shift();
      if (!party) return;
      if (party.inside < this.mostOfParty) party.waiting.shift()?.();
    }
  }
}
