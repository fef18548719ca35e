import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../../../operations/config/settings-part.js';
import { Secrets } from '../../../operations/config/secrets.js';
import type { Sink } from '../../../operations/config/sink-list.js';
import { Shutdown } from '../../../operations/lifecycle/shutdown.js';
import { Clock } from '../../../platform/clock.js';
import { Notifications } from '../../../platform/database/notifications.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import { messageOf } from './sink-message.js';
import { type Sent, SinkSender } from './sink-sender.js';
import { type Due, SinkStore } from './sink-store.js';

export const sinksConfig = settingsPart('sinks', 'publicUrl');

const LOOK_EVERY_MS = 1000;
const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** By then nobody waits for it any more. */
const DEAD_AFTER_MS = 24 * 60 * 60_000;

interface Outcome {
  readonly due: Due;
  readonly sent: Sent | null;
}

/**
 * Sends what waits to the sinks, at least once, in order per slot. One instance at a time has a sink; each sink goes its
 * own way, so that one that does not answer delays no other.
 */
@Injectable()
export class SinkDeliveries implements OnModuleInit {
  private readonly log = new Logger('Sinks');
  private readonly instance = randomUUID();
  private readonly running = new Map<string, Promise<void>>();
  /** Sinks for which more was announced since their last look began. */
  private readonly stale = new Set<string>();
  private isRegistered = false;

  constructor(
    @Inject(sinksConfig.KEY) private readonly config: ConfigType<typeof sinksConfig>,
    private readonly secrets: Secrets,
    private readonly store: SinkStore,
    private readonly sender: SinkSender,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    private readonly jobs: PeriodicJobs,
    notifications: Notifications,
  ) {
    notifications.listen('events_appended', () => this.wake());
    shutdown.steps.register('jobs', 'sinks', () => this.finish());
  }

  get sinks(): readonly Sink[] {
    return this.secrets.get('sinks');
  }

  onModuleInit(): void {
    this.secrets.onChange('sinks', () => (this.isRegistered = false));
    this.jobs.every('sinks', LOOK_EVERY_MS, async () => {
      if (!this.isRegistered) await this.register();
      this.wake();
    });
  }

  /** Before the write, not after it: the list may change meanwhile, and is then written again. */
  private async register(): Promise<void> {
    this.isRegistered = true;
    try {
      await this.store.register(this.sinks);
    } catch (error) {
      this.isRegistered = false;
      throw error;
    }
  }

  /** Looks what waits for each sink, unless that is being done. */
  wake(): void {
    if (!this.isRegistered || this.shutdown.drainSignal.aborted) return;
    for (const { name } of this.sinks) {
      this.stale.add(name);
      if (this.running.has(name)) continue;
      const work = this.work(name).finally(() => this.running.delete(name));
      this.running.set(name, work);
    }
  }

  private async work(name: string): Promise<void> {
    try {
      // Also where the last pass found nothing: what was committed after it looked has been announced by now.
      while (this.stale.delete(name)) while (!this.shutdown.drainSignal.aborted && (await this.pass(name)));
    } catch (error) {
      this.log.debug({ msg: 'A sink was not served; it is tried again', sink: name, err: error });
    }
  }

  /** Whether more may be due at once. */
  private async pass(name: string): Promise<boolean> {
    const sink = this.sinks.find((each) => each.name === name);
    const failures = sink && (await this.store.take(name, this.instance));
    if (!sink || failures === null || failures === undefined) return false;
    const due = await this.store.due(sink.name);
    if (due.length === 0) return false;
    const outcomes = await Promise.all(due.map((each) => this.send(sink, each)));
    await this.settle(sink, outcomes, failures);
    return true;
  }

  private async send(sink: Sink, due: Due): Promise<Outcome> {
    const message = messageOf(sink, due.event, { now: this.clock.now(), publicUrl: this.config.publicUrl });
    return { due, sent: message && (await this.sender.send(sink.url, message)) };
  }

  /**
   * A slot whose event failed waits by itself, and the others go on. Only where several have failed, and nothing was
   * taken, is the sink left alone as a whole.
   */
  private async settle(sink: Sink, outcomes: readonly Outcome[], failuresBefore: number): Promise<void> {
    const now = this.clock.now();
    const errors = outcomes.flatMap(({ due, sent }) =>
      sent === null || sent.kind === 'taken' ? [] : [{ due, kind: sent.kind, error: sent.error }],
    );
    const done = outcomes.flatMap(({ due, sent }) =>
      sent === null || sent.kind === 'taken' ? [due.event.position] : [],
    );
    const failed = errors.map(({ due, kind, error }) => {
      const isDead = kind === 'refused' || now.getTime() - due.createdAt.getTime() > DEAD_AFTER_MS;
      const pauseMs = pauseAfter(due.attempts + 1);
      return { position: due.event.position, error, pauseMs, deadAt: isDead ? now : null };
    });
    const failing = errors.filter(({ kind }) => kind === 'failed');
    const failures = failing.length === 0 ? 0 : failuresBefore + 1;
    const isAway = failing.length > 1 && failing.length === outcomes.length;
    this.warn(sink, failing[0]?.error, failuresBefore);
    await this.store.settle(sink.name, done, failed, {
      failures,
      pauseMs: isAway ? pauseAfter(failures) : 0,
      lastError: errors[0]?.error ?? null,
      lastSuccess: outcomes.some(({ sent }) => sent?.kind === 'taken') ? now : null,
    });
  }

  private warn(sink: Sink, error: string | undefined, failuresBefore: number): void {
    if (error === undefined || failuresBefore > 0) return;
    this.log.warn({ msg: 'A sink does not take events; it is tried again', sink: sink.name, error });
  }

  private async finish(): Promise<void> {
    await Promise.all(this.running.values());
    if (this.isRegistered && this.sinks.length > 0) await this.store.giveBack(this.instance).catch(() => undefined);
  }
}

/** Doubles from 1 s to 5 min, less up to a half of it by chance. */
function pauseAfter(failures: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(longest * (0.5 + Math.random() / 2));
}
