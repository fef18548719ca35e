import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { phaseTransitions, ProcessPhase } from './process-phase.js';

export const lifecycleMetrics = [
  makeGaugeProvider({
    name: 'app_phase',
    help: 'The phase that the process is in is 1, the others are 0.',
    labelNames: ['phase'],
    inject: [ProcessPhase],
    collect(this: Gauge, { current }: ProcessPhase) {
      for (const phase of Object.keys(phaseTransitions)) this.set({ phase }, Number(phase === current));
    },
  }),
];
