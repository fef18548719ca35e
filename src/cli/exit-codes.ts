/** What the command ends with, in every output. The reference page is made from this table. */
export const exitCodes = {
  promoted: { code: 0, meaning: 'Done. After a deployment or a rollback: promoted' },
  error: { code: 1, meaning: 'An error. A deployment that ended so has changed no host, or could not tell the ledger' },
  usage: { code: 2, meaning: 'The command line, a setting or `plimsoll.yml` is wrong' },
  rolledBack: { code: 3, meaning: 'Rejected and rolled back; the old version runs and is well' },
  notAllowed: { code: 4, meaning: 'The token is missing, not valid, or does not allow this' },
  notHealthy: { code: 5, meaning: 'Not healthy, and not back on the old version' },
  onHold: { code: 6, meaning: 'On hold: a person decides' },
  refused: { code: 7, meaning: 'Refused: frozen, busy or outdated' },
  timedOut: { code: 124, meaning: 'The time was up before there was an answer' },
  interrupted: { code: 130, meaning: 'Interrupted; what the ledger and the gate have begun goes on' },
} as const;

export type Ending = keyof typeof exitCodes;
