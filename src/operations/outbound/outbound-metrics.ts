import { makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { callDurations } from './call-durations.js';
import type { CircuitState } from './circuit-breaker.js';
import { OutboundCalls } from './outbound-calls.js';

const values: Record<CircuitState, number> = { closed: 0, 'half-open': 0.5, open: 1 };

export const outboundMetrics = [
  makeHistogramProvider(callDurations),
  makeGaugeProvider({
    name: 'circuit_breaker_state',
    help: '0 is closed: the peer is called. 1 is open: it is left alone. 0.5 is half open: one call tries it.',
    labelNames: ['peer'],
    inject: [OutboundCalls],
    collect(this: Gauge, outbound: OutboundCalls) {
      for (const { peer, state } of outbound.states()) this.set({ peer }, values[state]);
    },
  }),
];
