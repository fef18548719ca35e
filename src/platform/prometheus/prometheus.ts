import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import { Secrets } from '../../operations/config/secrets.js';
import { settingsPart } from '../../operations/config/settings-part.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { statusClassOf } from '../../operations/outbound/call-durations.js';
import { OutboundCalls } from '../../operations/outbound/outbound-calls.js';
import { tracing } from '../../operations/tracing/tracing.js';
import { Names } from '../probes/names.js';
import { ProbeError } from '../probes/probe-error.js';
import { ProbeTargets } from '../probes/probe-targets.js';
import { askOnce, type Answer, TookTooLong } from './bounded-request.js';
import { type QueryResult, resultOf } from './query-result.js';

export const prometheusConfig = settingsPart('prometheus', 'prometheusUrl', 'prometheusUser');

/** Less than the sampler waits: what the sampler calls off would not count as a failure. */
const CHECK_WITHIN_MS = 900;

/** A query, and the instant that it is asked for. */
export interface InstantQuery {
  readonly query: string;
  readonly at: Date;
  readonly timeoutMs: number;
}

/**
 * The Prometheus that checks query, where there is one. Without it the service is degraded, and ready. It is asked at
 * addresses that were judged: any that its name has, but never a link-local or a metadata one.
 */
@Injectable()
export class Prometheus {
  private readonly base: URL | null;
  private readonly targets: ProbeTargets;

  constructor(
    @Inject(prometheusConfig.KEY) private readonly config: ConfigType<typeof prometheusConfig>,
    private readonly secrets: Secrets,
    private readonly outbound: OutboundCalls,
    names: Names,
    checks: HealthChecks,
  ) {
    const { prometheusUrl } = config;
    this.base = prometheusUrl === undefined ? null : new URL(prometheusUrl.replace(/\/?$/, '/'));
    // Whoever configures the one target there is has allowed it; in PROBE_ALLOW, gates could probe all of its API.
    this.targets = new ProbeTargets({ probeAllow: this.base ? [bareHost(this.base)] : [] }, names);
    if (!this.base) return;
    const peer = outbound.peer('prometheus');
    const check = async (signal: AbortSignal): Promise<void> => {
      const options = { timeoutMs: CHECK_WITHIN_MS, signal };
      // Not `/-/ready`: that an instance is up says nothing of queries, and what only speaks its API has no such path.
      const { status } = await peer.call((within) => this.ask('query=1', CHECK_WITHIN_MS, within), options);
      if (status !== 200) throw Object.assign(new Error(`Prometheus answered ${status}`), { code: `status_${status}` });
    };
    checks.register({ name: 'prometheus', required: false, check });
  }

  /** Whether there is one to ask. */
  get isConfigured(): boolean {
    return this.base !== null;
  }

  /**
   * Asks an instant query, once. No circuit holds it back: one that was not asked would be evidence of nothing.
   * @throws ProbeError, whose message can be shown, where it is not answered as Prometheus answers
   */
  async query({ query, at, timeoutMs }: InstantQuery): Promise<QueryResult> {
    // Prometheus gives up as well: nobody waits for what it evaluates any longer.
    const parameters = { query, time: String(at.getTime() / 1000), timeout: `${timeoutMs}ms` };
    const startedAt = performance.now();
    const observe = (outcome: ReturnType<typeof statusClassOf> | 'timeout'): void =>
      this.outbound.observe('prometheus', outcome, (performance.now() - startedAt) / 1000);
    let answer: Answer;
    try {
      answer = await this.ask(new URLSearchParams(parameters).toString(), timeoutMs);
    } catch (error) {
      observe(error instanceof TookTooLong ? 'timeout' : 'error');
      throw error;
    }
    observe(statusClassOf(answer.status));
    return resultOf(answer);
  }

  private async ask(parameters: string, timeoutMs: number, signal?: AbortSignal): Promise<Answer> {
    if (!this.base) throw new ProbeError('no Prometheus is configured: PROMETHEUS_URL is not set');
    const url = new URL(`api/v1/query?${parameters}`, this.base);
    const addresses = await this.targets.resolve(url, { withinMs: timeoutMs, run: this });
    const ca = this.secrets.get('prometheusCa');
    const span = tracing.spans?.call('prometheus', 'GET', url);
    const request = { url, addresses, authorization: this.authorization, timeoutMs, headers: span?.headers ?? {} };
    const answer = askOnce({ ...request, ...(ca !== undefined && { ca }), ...(signal && { signal }) });
    span?.follow(answer);
    return answer;
  }

  private get authorization(): string | null {
    const token = this.secrets.get('prometheusToken');
    if (token !== undefined) return `Bearer ${token}`;
    const { prometheusUser } = this.config;
    if (prometheusUser === undefined) return null;
    const credentials = `${prometheusUser}:${this.secrets.get('prometheusPassword') ?? ''}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
}

function bareHost({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
