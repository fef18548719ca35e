export interface RestoreFindings {
  readonly size: string;
  readonly backupSeconds: number;
  readonly p99Before: number;
  readonly p99During: number;
  readonly recoverSeconds: number;
  readonly writes: number;
  readonly lostWrites: number;
  readonly lostSeconds: number;
  readonly momentSeconds: number;
  readonly lostBefore: number;
  readonly keptAfter: number;
}

/** The page docs/reference/restore-drill.md. */
export function restoreReport(found: RestoreFindings, on = new Date()): string {
  return `# What the restore drill found

\`npm run drill:restore\` fills the database of a stack of its own, backs it up while clients write 20 times a second and read as
often, kills PostgreSQL and empties its volume, and restores it with \`ops/scripts/restore\`. Then it restores to a moment before.
It compares what clients were told with what the ledger has. This page is what it wrote, on a machine with two cores that had
much else to do.

| | ${on.toISOString().slice(0, 10)} | goal |
|---|---|---|
| size of the database | ${found.size} | |
| a full backup under load | ${found.backupSeconds} s | |
| p99 of reads before it; during it | ${found.p99Before} ms; ${found.p99During} ms | at most doubled |
| the newest state, from the command until everything is healthy | ${found.recoverSeconds} s | 600 s |
| acknowledged writes that were lost | ${found.lostWrites} of ${found.writes}, ${found.lostSeconds} s | 60 s |
| back to a moment, likewise | ${found.momentSeconds} s | 600 s |
| acknowledged before the moment, and lost | ${found.lostBefore} | 0 |
| sent after the moment, and there | ${found.keptAfter} | 0 |
`;
}
