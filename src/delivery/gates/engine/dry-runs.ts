import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import { httpErrors } from '../../../platform/http/problems/http.errors.js';
import type { Slot } from '../../catalog/catalog.reader.js';
import { CheckTypes, type Reading } from '../checks/check-types.js';
import { cut } from '../checks/http-answer.js';
import { IdentityProbe } from '../checks/identity-probe.js';
import type { DryRunView } from '../gates.dto.js';
import { GateRuns } from '../gates.events.js';
import { type GatePlan, type PlannedCheck, type PlannedHost, planGate } from '../plan/gate-plan.model.js';
import type { GatedSpecification } from '../plan/gate-specification.model.js';
import { speaksOfRelease } from '../plan/template.model.js';
import { Party, type Turnstile } from '../schedule/turnstile.js';
import { Turnstiles } from '../schedule/turnstiles.js';

type DryReading = DryRunView['checks'][number];
type DrySighting = DryRunView['identity'][number];

/** How long the client waits for the answer. A check that was not measured by then is `missed`. */
const WITHIN_MS = 30_000;
/** A slower target is given up a little later, whatever the timeout of its check. */
const LONGEST_TIMEOUT_MS = WITHIN_MS + 1000;
/** Each may send as many requests at once as a gate run. */
const MOST_AT_ONCE = 4;
/** A gate of 50 checks on 100 hosts has 5000 of them to report. */
const MOST_TOLD = 4 * 1024 * 1024;
const LEAST_TOLD = 100;

/** The digest if the running release is unknown: no host reports it. */
const NO_RELEASE = { digest: 'any release', gitSha: 'any release', version: 'any release' };
const NOT_RUNNING = 'no release is known to run in the slot, and the check speaks of it';

const LATE = { outcome: 'missed', value: null, detail: `not measured within ${WITHIN_MS / 1000} s` } as const;

type Measured = Reading | typeof LATE;

/** Measures every check of a gate once, immediately, and writes nothing. */
@Injectable()
export class DryRuns {
  private underWay = 0;

  constructor(
    private readonly types: CheckTypes,
    private readonly identity: IdentityProbe,
    private readonly turnstiles: Turnstiles,
    private readonly gateRuns: GateRuns,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Uses the values of the slot's running release. Takes at most 30 s. @throws DomainError `overloaded` */
  async run(slot: Slot, specification: GatedSpecification): Promise<DryRunView> {
    if (this.underWay >= MOST_AT_ONCE) {
      const headers = { 'retry-after': '5' };
      throw new DomainError(httpErrors.overloaded, `${MOST_AT_ONCE} dry runs are under way here.`, {}, { headers });
    }
    this.underWay += 1;
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), WITHIN_MS);
    try {
      const release = await this.database.read((handle) => this.gateRuns.runningRelease(handle, slot.id));
      const plan = this.planOf(slot, specification, release ?? NO_RELEASE);
      const [checks, identity] = await Promise.all([
        this.measureAll(plan, release !== null, over.signal),
        this.lookAtAll(plan),
      ]);
      return { checks, identity };
    } finally {
      clearTimeout(timer);
      over.abort();
      this.underWay -= 1;
    }
  }

  private planOf(slot: Slot, specification: GatedSpecification, release: GatePlan['release']): GatePlan {
    const { service, environment, tier } = slot;
    const context = { service, environment, tier, kind: 'deploy' as const, hosts: slot.hosts ?? [], release };
    return planGate(specification, { ...context, kinds: this.types.find, promotedMeans: [] });
  }

  private measureAll(plan: GatePlan, isRunning: boolean, over: AbortSignal): Promise<DryReading[]> {
    const parties = new Map<Turnstile, Party>();
    const series = plan.checks.flatMap((check) =>
      (check.isPerHost ? plan.hosts : [null]).map((host) => ({ check, host })),
    );
    const late = lateness(over);
    const share = Math.max(LEAST_TOLD, Math.floor(MOST_TOLD / Math.max(1, series.length)));
    const measured = series.map(async ({ check, host }) => {
      if (!isRunning && speaksOfRelease(JSON.stringify(check.specification))) {
        return told(check, host, { outcome: 'no_data', value: null, detail: NOT_RUNNING }, share);
      }
      const turnstile = this.turnstiles.of(check.type);
      const party = parties.get(turnstile) ?? new Party();
      parties.set(turnstile, party);
      const work = turnstile.pass<Measured>(party, async () => {
        return over.aborted ? LATE : this.measure(plan, check, host);
      });
      return told(check, host, await Promise.race([work, late]), share);
    });
    return Promise.all(measured);
  }

  /** A fault of Plimsoll is no evidence about the service. */
  private async measure(plan: GatePlan, check: PlannedCheck, host: PlannedHost | null): Promise<Reading> {
    const timely = { ...check, timeoutMs: Math.min(check.timeoutMs, LONGEST_TIMEOUT_MS) };
    try {
      return await this.types.prepare({ plan, check: timely, host })(this.clock.now());
    } catch (error) {
      return { outcome: 'error', value: null, detail: `Plimsoll could not measure: ${String(error)}` };
    }
  }

  private lookAtAll(plan: GatePlan): Promise<DrySighting[]> {
    if (!plan.identity) return Promise.resolve([]);
    return Promise.all(
      plan.hosts.map(async (host) => {
        const { digest, detail } = await this.identity.prepare(plan, host)();
        return { host: host.name, digest: digest ?? null, detail };
      }),
    );
  }
}

function lateness(over: AbortSignal): Promise<Measured> {
  return new Promise((resolve) => over.addEventListener('abort', () => resolve(LATE), { once: true }));
}

function told(check: PlannedCheck, host: PlannedHost | null, reading: Measured, share: number): DryReading {
  const { outcome, value } = reading;
  const { onNoData } = check;
  const counted = outcome === 'no_data' && onNoData !== 'hold' ? [`no data counts as ${onNoData}`] : [];
  const detail = [...(reading.detail === null ? [] : [reading.detail]), ...counted].join('; ');
  const read = 'read' in reading && reading.read ? bounded(reading.read(), share) : null;
  return {
    check: check.name,
    host: host?.name ?? null,
    outcome,
    // JSON has no infinities; the detail names them.
    value: value !== null && Number.isFinite(value) ? value : null,
    detail: detail === '' ? null : cut(detail, share),
    read,
  };
}

/** As many of the fields as fit, in their order. */
function bounded(read: Readonly<Record<string, unknown>>, share: number): Record<string, unknown> {
  let room = share;
  const fitting = Object.entries(read).filter(([name, value]) => {
    room -= JSON.stringify({ [name]: value }).length;
    return room >= 0;
  });
  return Object.fromEntries(fitting);
}
