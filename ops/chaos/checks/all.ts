import type { Call } from '../journal.ts';
import type { Ledger } from './ledger.ts';
import { activeTwice, lostWrites, promotedWithoutEvidence, verdictChanged } from './promises.ts';
import { checkRegister } from './register.ts';
import type { Violation } from './violation.ts';

/** Everything that is promised, of what clients were told and what the ledger has. */
export function violationsOf(slots: readonly string[], calls: readonly Call[], ledger: Ledger): Violation[] {
  return [
    ...[lostWrites, activeTwice, verdictChanged, promotedWithoutEvidence].flatMap((check) => check(calls, ledger)),
    ...slots.flatMap((slot) =>
      checkRegister(
        slot,
        calls.filter((call) => call.slot === slot),
        ledger.deployments.filter((one) => one.slot === slot),
      ),
    ),
  ];
}
