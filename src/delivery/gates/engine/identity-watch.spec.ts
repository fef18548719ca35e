import type { Sighting } from '../checks/identity-probe.js';
import type { GatePlan } from '../plan/gate-plan.model.js';
import type { GateTimes } from '../plan/gate-times.model.js';
import type { Appointment } from '../schedule/timetable.js';
import type { Judgement } from '../verdict/verdict.model.js';
import { IdentityWatch } from './identity-watch.js';

const right: Sighting = { isExpected: true, detail: 'as expected' };
const wrong: Sighting = { isExpected: false, detail: 'another digest' };
const own: Sighting = { isExpected: null, isOwnFault: true, detail: 'EMFILE' };
const forbidden: Sighting = { isExpected: null, detail: 'not in PROBE_ALLOW' };

/** What comes of a host that shows this, look by look, until its time is over; two in a row establish it. */
async function outcomeOf(...sightings: Sighting[]): Promise<string> {
  const appointments: Appointment[] = [];
  let judgement: Judgement | null = null;
  let isEstablished = false;
  const watch = new IdentityWatch({
    plan: { hosts: [{ name: 'a', url: 'http://a' }], identity: { consecutive: 2 } } as unknown as GatePlan,
    times: { deployedAtMs: 0, identityEndsAtMs: (sightings.length - 1) * 2000 } as GateTimes,
    established: [],
    lookAt: () => async () => sightings.shift() ?? wrong,
    nowMs: () => 0,
    isOff: () => false,
    schedule: (appointment) => appointments.push(appointment),
    onSeen: () => undefined,
    onEstablished: () => (isEstablished = true),
    onRefuted: (refuted) => (judgement = refuted),
    onFailed: (error) => {
      throw error;
    },
  });
  watch.begin();
  for (let next = appointments.shift(); next; next = appointments.shift()) {
    if (!next.isOff()) next.keep();
    await new Promise(setImmediate);
  }
  const refuted = judgement as Judgement | null;
  return isEstablished ? 'established' : `${refuted?.verdict} ${refuted?.reasons[0]?.code}`;
}

describe('identity', () => {
  it.each<[string, Sighting[], string]>([
    ['is established by a row', [wrong, right, right], 'established'],
    ['is established by a row into which a fault of our own fell', [right, own, right], 'established'],
    ['is refuted by an answer', [right, wrong, right], 'rollback wrong-version'],
    ['is refuted by an answer, whatever went wrong before it', [own, own, own, wrong], 'rollback wrong-version'],
    ['is not refuted where nobody could ask at last', [wrong, wrong, own], 'hold check-error'],
    ['is not refuted by a row that a fault of our own cut short', [wrong, own, right], 'hold check-error'],
    ['is not refuted by a host that must not be probed', [forbidden, forbidden], 'hold no-evidence'],
  ])('%s', async (_rule, sightings, outcome) => {
    expect(await outcomeOf(...sightings)).toBe(outcome);
  });
});
