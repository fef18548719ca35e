/** The data that the thread gets at its start. */
export interface StallWatchData {
  readonly shared: SharedArrayBuffer;
  readonly deadlineMs: number;
}

/** Positions in the memory that both threads share. */
export const slots = { beats: 0, isBlind: 1 } as const;

/** The exit code of a fatal error. */
export const EXIT_STALLED = 70;
