export interface Due {
  readonly dueAtMs: number;
}

/** A binary heap: the earliest due item comes out first. */
export class DueHeap<Item extends Due> {
  private readonly items: Item[] = [];

  get size(): number {
    return this.items.length;
  }

  get first(): Item | undefined {
    return this.items[0];
  }

  push(item: Item): void {
    let hole = this.items.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = this.items[parent] as Item;
      if (above.dueAtMs <= item.dueAtMs) break;
      this.items[hole] = above;
      hole = parent;
    }
    this.items[hole] = item;
  }

  pop(): Item | undefined {
    const [first] = this.items;
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
    return first;
  }

  clear(): void {
    this.items.length = 0;
  }

  /** Fills the empty top with an item and moves that item down to its place. */
  private sink(item: Item): void {
    const { items } = this;
    let hole = 0;
    for (let child = 1; child < items.length; child = 2 * hole + 1) {
      const right = items[child + 1];
      if (right && right.dueAtMs < (items[child] as Item).dueAtMs) child += 1;
      const below = items[child] as Item;
      if (item.dueAtMs <= below.dueAtMs) break;
      items[hole] = below;
      hole = child;
    }
    items[hole] = item;
  }
}
