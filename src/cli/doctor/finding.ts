/** One thing that a deployment needs, and whether it is so. */
export interface Finding {
  readonly what: string;
  readonly state: 'well' | 'doubtful' | 'wrong';
  readonly detail: string;
  readonly mend: string | null;
}

export const well = (what: string, detail: string): Finding => ({ what, state: 'well', detail, mend: null });
export const doubtful = (what: string, detail: string, mend: string): Finding => ({
  what,
  state: 'doubtful',
  detail,
  mend,
});
export const wrong = (what: string, detail: string, mend: string | null): Finding => ({
  what,
  state: 'wrong',
  detail,
  mend,
});
