import { HttpException, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { Shutdown } from '../lifecycle/shutdown.js';
import type { DependencyState, HealthCheck, Sample } from './dependency-state.js';
import { HealthChecks } from './health-checks.js';

const EVERY_MS = 5000;
/** Random, so that instances do not query a shared dependency at the same time. */
const JITTER = 0.2;
/** A sample that contradicts the state is soon followed by another, so that a change is noticed within 10 s. */
const CONFIRM_AFTER_MS = 1000;
const TIMEOUT_MS = 1000;

/** Runs each check in the background, one at a time, however often the state is read. */
@Injectable()
export class HealthSampler implements OnModuleInit {
  readonly #logger = new Logger(HealthSampler.name);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #hanging = new Set<string>();
  #isStopped = false;

  constructor(
    private readonly checks: HealthChecks,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly shutdown: Shutdown,
    private readonly phase: ProcessPhase,
  ) {}

  onModuleInit(): void {
    this.shutdown.steps.register('jobs', 'health sampler', async () => this.#stop());
    this.checks.onRegistered((state) => void this.#sampleForEver(state));
  }

  #stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #sampleForEver(state: DependencyState): Promise<void> {
    const before = state.status;
    state.record(await this.#sample(state.check));
    if (this.#isStopped) return;
    if (before !== state.status) this.#tellOf(state);
    const jittered = EVERY_MS * (1 + JITTER * (2 * Math.random() - 1));
    const delay = state.isUnconfirmed ? CONFIRM_AFTER_MS : jittered;
    this.#timers.set(state.check.name, setTimeout(() => void this.#sampleForEver(state), delay).unref());
  }

  async #sample(check: HealthCheck): Promise<Sample> {
    const startedAt = performance.now();
    let code: string | null = null;
    // The timeout of Terminus ends only the waiting, not the check. While a check hangs, no other is started.
    const isUp = !this.#hanging.has(check.name) && (await this.#isUp(check, (error) => (code = codeOf(error))));
    const latencyMs = Math.round(performance.now() - startedAt);
    return { isUp, latencyMs, code: isUp ? null : (code ?? 'timeout'), at: new Date() };
  }

  async #isUp({ name, check }: HealthCheck, onError: (error: unknown) => void): Promise<boolean> {
    const run = async ({ signal }: { signal: AbortSignal }) => {
      this.#hanging.add(name);
      try {
        await check(signal);
      } catch (error) {
        if (!signal.aborted) onError(error);
        throw error;
      } finally {
        this.#hanging.delete(name);
      }
    };
    const indicator = this.indicators.check(name).attempt(run).withTimeout(TIMEOUT_MS);
    // Terminus throws the answer that its own controller would give.
    const result = await this.health.check([indicator]).catch((error: HttpException) => error.getResponse());
    return (result as HealthCheckResult).details[name]?.status === 'up';
  }

  #tellOf({ check, status, last }: DependencyState): void {
    const what = { msg: `${check.name} is ${status}`, code: last?.code, latencyMs: last?.latencyMs };
    if (status === 'up') this.#logger.log(what);
    else if (check.required && this.phase.current === 'ready') this.#logger.error(what);
    else this.#logger.warn(what);
  }
}

function codeOf(error: unknown): string {
  // An error of `fetch` has the code in its cause.
  const { name, cause, code = cause?.code } = error as Error & { code?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'failed';
}
