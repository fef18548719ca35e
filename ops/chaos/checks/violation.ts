import type { Call } from '../journal.ts';

/** A promise that was broken, with the part of the history that shows it. */
export interface Violation {
  readonly check: string;
  readonly slot: string;
  readonly says: string;
  readonly history: readonly string[];
}

export function toldOf({ act, attempt, deployment, invokedAt, returnedAt, outcome, status, ...rest }: Call): string {
  const { slot: _, ...told } = rest;
  const subject = [attempt, deployment].filter((name) => name !== undefined).join(' ');
  const time = `${(invokedAt / 1000).toFixed(3)}…${(returnedAt / 1000).toFixed(3)} s`;
  return `${time} ${act} ${subject} ${outcome} (${status}) ${JSON.stringify(told)}`;
}
