import { type Metric, register } from 'prom-client';
import { collectedGauge } from '../metrics/collected.js';
import type { CircuitState } from './circuit-breaker.js';
import type { OutboundCalls } from './outbound-calls.js';

const values: Record<CircuitState, number> = { closed: 0, 'half-open': 0.5, open: 1 };

export function declareOutboundMetrics(outbound: OutboundCalls): void {
  const { durations } = outbound;
  register.removeSingleMetric(durations.name);
  register.registerMetric(durations as unknown as Metric);
  collectedGauge({
    name: 'circuit_breaker_state',
    help: '0 is closed: the peer is called. 1 is open: it is left alone. 0.5 is half open: one call tries it.',
    labelNames: ['peer'],
    values: () => outbound.states().map(({ peer, state }) => ({ labels: { peer }, value: values[state] })),
  });
}
