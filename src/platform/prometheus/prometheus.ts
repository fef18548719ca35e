import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { OutboundCalls, type Peer } from '../../operations/outbound/outbound-calls.js';

/** Less than the sampler waits: what the sampler calls off would not count as a failure. */
const CHECK_WITHIN_MS = 900;

/** The Prometheus that checks query, where there is one. Without it the service is degraded, and ready. */
@Injectable()
export class Prometheus {
  constructor(@Inject(SETTINGS) { prometheusUrl }: Settings, outbound: OutboundCalls, checks: HealthChecks) {
    if (prometheusUrl === undefined) return;
    const peer = outbound.peer('prometheus');
    // Not `/-/ready`: that an instance is up says nothing of queries, and what only speaks its API has no such path.
    const url = new URL('api/v1/query?query=1', prometheusUrl.endsWith('/') ? prometheusUrl : `${prometheusUrl}/`);
    checks.register({ name: 'prometheus', required: false, check: (signal) => assertAnswers(peer, url, signal) });
  }
}

async function assertAnswers(peer: Peer, url: URL, signal: AbortSignal): Promise<void> {
  const { status } = await peer.call((within) => ask(url, within), { timeoutMs: CHECK_WITHIN_MS, signal });
  if (status !== 200) throw Object.assign(new Error(`Prometheus answered ${status}`), { code: `status_${status}` });
}

async function ask(url: URL, signal: AbortSignal): Promise<{ status: number }> {
  const response = await fetch(url, { signal });
  await response.body?.cancel();
  return response;
}
