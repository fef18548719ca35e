import type { OpenSpan } from '../../../operations/tracing/open-spans.js';
import { tracing } from '../../../operations/tracing/tracing.js';
import type { Reading } from '../checks/check-types.js';
import type { Sighting } from '../checks/identity-probe.js';
import type { PlannedCheck } from '../plan/gate-plan.model.js';

/**
 * The gate run of a measurement. It outlives processes and takes hours, so a span names it, but it has no span itself.
 */
interface Place {
  readonly gateRunId: string;
  readonly deploymentId: string;
  readonly host: string | null;
}

/** Measures in a separate trace while tracing is on. The span has the outcome, but nothing of what was read. */
export function tracedMeasurement(
  place: Place,
  { name, type }: PlannedCheck,
  measure: () => Promise<Reading>,
): Promise<Reading> {
  const attributes = { 'plimsoll.check.name': name, 'plimsoll.check.type': type };
  return traced('gate measurement', place, attributes, measure, ({ outcome }) => outcome);
}

/** Asks a host once which release it runs, in a trace in the same way. */
export function tracedLook(place: Place, look: () => Promise<Sighting>): Promise<Sighting> {
  return traced('gate identity', place, {}, look, ({ isExpected }) =>
    isExpected === null ? 'error' : isExpected ? 'pass' : 'fail',
  );
}

function traced<Result>(
  name: string,
  { gateRunId, deploymentId, host }: Place,
  attributes: Record<string, string>,
  work: () => Promise<Result>,
  outcomeOf: (result: Result) => string,
): Promise<Result> {
  if (!tracing.spans) return work();
  const place = { 'plimsoll.gate_run.id': gateRunId, 'plimsoll.deployment.id': deploymentId };
  const known = { ...place, ...(host !== null && { 'plimsoll.host': host }), ...attributes };
  return tracing.spans.root(name, known, async (span: OpenSpan) => {
    const result = await work();
    const outcome = outcomeOf(result);
    span.set({ 'plimsoll.outcome': outcome });
    if (outcome === 'fail' || outcome === 'error') span.fail(outcome);
    return result;
  });
}
