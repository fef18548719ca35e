/** What the thread is given at its start. */
export interface StallWatchData {
  readonly shared: SharedArrayBuffer;
  readonly deadlineMs: number;
}

/** Places in the memory that both threads see. */
export const slots = { beats: 0, isBlind: 1 } as const;

/** As for any other fatal error. */
export const EXIT_STALLED = 70;
