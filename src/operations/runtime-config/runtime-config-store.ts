import type { JsonObject } from './merge-patch.js';

export interface StoredOverrides {
  /** Grows with every change; 0 before the first. */
  readonly revision: number;
  /** What differs from the defaults. */
  readonly overrides: JsonObject;
  readonly changedAt: Date | null;
}

/** Where overrides are kept for all instances. Operations does not know how; whoever does connects one. */
export interface RuntimeConfigStore {
  read(): Promise<StoredOverrides>;
  /**
   * Replaces the overrides by what `next` makes of them, with nobody in between, and gives them the next revision. If
   * `next` throws, nothing is changed. The change is audited, and every instance hears of it.
   */
  change(next: (stored: StoredOverrides) => JsonObject): Promise<StoredOverrides>;
  /** Calls the listener when somebody has changed them, or may have without a word. */
  onChanged(listener: () => void): void;
}
