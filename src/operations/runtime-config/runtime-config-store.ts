import type { JsonObject } from './merge-patch.js';

export interface StoredOverrides {
  /** Increases with every change; 0 before the first one. */
  readonly revision: number;
  /** The values that differ from the defaults. */
  readonly overrides: JsonObject;
  readonly changedAt: Date | null;
}

/** The overrides of all instances. Another module connects the store, because operations knows no database. */
export interface RuntimeConfigStore {
  read(): Promise<StoredOverrides>;
  /**
   * Replaces the overrides by the result of `next`, with no other change in between, under the next revision. If `next`
   * throws, nothing changes. The change is audited, and every instance is notified.
   */
  change(next: (stored: StoredOverrides) => JsonObject): Promise<StoredOverrides>;
  /** Calls the listener after a change, and when a change may have been missed. */
  onChanged(listener: () => void): void;
}
