/** What a check found wrong, for whoever has to mend it. */
export class Fault extends Error {}

/** Throws a fault unless there is nothing to list. */
export function assertNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Fault(`${what}:\n${found.map((line) => `  ${line}`).join('\n')}`);
}
