import type { Look, Sighting } from '../checks/identity-probe.js';
import type { GateReason } from '../gate-run.model.js';
import { type GatePlan, IDENTITY_INTERVAL_MS, type PlannedHost } from '../plan/gate-plan.model.js';
import type { GateTimes } from '../plan/gate-times.model.js';
import type { Appointment } from '../schedule/timetable.js';
import type { Judgement } from '../verdict/verdict.model.js';

/** What one host has shown so far. */
interface HostWatch {
  readonly name: string;
  readonly look: Look;
  inARow: number;
  /** Looks without a result since the last answer that was not the expected one. */
  inVain: number;
  looking: number;
  isEstablished: boolean;
  /** The digest that the host reported last. */
  seen: string | null;
  /** No further probe of this host is due. */
  isExhausted: boolean;
  /** Null while nobody has looked, which proves nothing against the host. */
  last: Sighting | null;
}

export interface IdentityWatching {
  readonly plan: GatePlan;
  readonly times: GateTimes;
  /** Hosts that showed the release before this watch began. They are not asked again. */
  readonly established: readonly string[];
  readonly lookAt: (host: PlannedHost) => Look;
  readonly nowMs: () => number;
  readonly isOff: () => boolean;
  readonly schedule: (appointment: Appointment) => void;
  /** Called when a host reports another digest than before. */
  readonly onSeen: (host: string, digest: string) => void;
  readonly onEstablished: (hosts: readonly string[], isEveryHost: boolean) => void;
  readonly onRefuted: (judgement: Judgement) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Probes every host until it has shown the expected release often enough in a row. A host that has done so is finished,
 * which is stored. A restart begins the row again and extends the window by the lost time. A host that nobody has
 * looked at since, that must not be probed, or that Plimsoll could not ask proves nothing: the result is a hold and not
 * a rollback.
 */
export class IdentityWatch {
  private readonly hosts: HostWatch[];

  constructor(private readonly watching: IdentityWatching) {
    this.hosts = watching.plan.hosts.map((host) => ({
      name: host.name,
      look: watching.lookAt(host),
      inARow: 0,
      inVain: 0,
      looking: 0,
      isEstablished: watching.established.includes(host.name),
      seen: null,
      isExhausted: false,
      last: null,
    }));
  }

  begin(): void {
    if (this.hosts.every(({ isEstablished }) => isEstablished)) return this.tell();
    const { deployedAtMs } = this.watching.times;
    const elapsed = Math.max(0, Math.floor((this.watching.nowMs() - deployedAtMs) / IDENTITY_INTERVAL_MS));
    const dueAtMs = deployedAtMs + elapsed * IDENTITY_INTERVAL_MS;
    for (const host of this.hosts) if (!host.isEstablished) this.schedule(host, dueAtMs);
    this.settle();
  }

  private schedule(host: HostWatch, dueAtMs: number): void {
    const { times, isOff, schedule } = this.watching;
    host.isExhausted = dueAtMs > (times.identityEndsAtMs ?? 0);
    if (host.isExhausted) return;
    schedule({
      dueAtMs,
      isOff: () => isOff() || host.isEstablished,
      keep: () => void this.probe(host, dueAtMs).catch(this.watching.onFailed),
    });
  }

  private async probe(host: HostWatch, dueAtMs: number): Promise<void> {
    host.looking += 1;
    this.schedule(host, dueAtMs + IDENTITY_INTERVAL_MS);
    const sighting = await host.look();
    host.looking -= 1;
    if (this.watching.isOff() || host.isEstablished) return;
    this.note(host, sighting);
    this.settle();
  }

  private note(host: HostWatch, sighting: Sighting): void {
    host.last = sighting;
    this.noteDigest(host, sighting.digest ?? null);
    if (sighting.isExpected === null) {
      host.inVain += 1;
      return;
    }
    host.inARow = sighting.isExpected ? host.inARow + 1 : 0;
    if (!sighting.isExpected) host.inVain = 0;
    host.isEstablished = host.inARow >= this.consecutive;
    if (host.isEstablished) this.tell();
  }

  private noteDigest(host: HostWatch, digest: string | null): void {
    if (digest === null || digest === host.seen) return;
    host.seen = digest;
    this.watching.onSeen(host.name, digest);
  }

  private get consecutive(): number {
    return this.watching.plan.identity?.consecutive ?? 1;
  }

  private tell(): void {
    const established = this.hosts.filter(({ isEstablished }) => isEstablished).map(({ name }) => name);
    this.watching.onEstablished(established, established.length === this.hosts.length);
  }

  /** Refutes once every host is either finished or out of time, with its last answer received. */
  private settle(): void {
    const open = this.hosts.filter(({ isEstablished }) => !isEstablished);
    if (open.length === 0 || open.some(({ isExhausted, looking }) => !isExhausted || looking > 0)) return;
    const reasons = open.map((host) => reasonOf(host, this.consecutive));
    const verdict = reasons.some(({ code }) => code === 'wrong-version') ? 'rollback' : 'hold';
    this.watching.onRefuted({ verdict, reasons });
  }
}

/** If identity is not established only because looks are missing, no host is at fault. */
function reasonOf({ name, last, inARow, inVain }: HostWatch, consecutive: number): GateReason {
  if (last === null) {
    return { code: 'no-evidence', host: name, detail: 'nobody could probe the host in time' };
  }
  if (last.isExpected === null && !last.isOwnFault) {
    return { code: 'no-evidence', host: name, detail: `the host was not probed: ${last.detail}` };
  }
  if (last.isExpected === null || inARow + inVain >= consecutive) {
    return { code: 'check-error', host: name, detail: `identity could not be probed: ${last.detail}` };
  }
  return {
    code: 'wrong-version',
    host: name,
    detail: `identity was not established in time; the last answer: ${last.detail}`,
  };
}
