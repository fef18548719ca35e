import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { GateVerdict } from '../../gates/gates.events.js';
import type { DeploymentEntity } from '../deployment.entity.js';

const MOST_SERVICES = 200;

export const deploymentMetrics = [
  makeCounterProvider({
    name: 'deployments_total',
    help: 'Deployments that came into a state, counted by the instance that brought them there.',
    labelNames: ['service', 'environment', 'kind', 'state'],
  }),
  makeCounterProvider({
    name: 'gate_verdicts_total',
    help: 'Verdicts of gates as deployments got them, those that fell at deployed included.',
    labelNames: ['environment', 'verdict'],
  }),
  makeCounterProvider({
    name: 'gate_shadow_verdicts_total',
    help: 'Verdicts that shadow gates would have given.',
    labelNames: ['environment', 'verdict'],
  }),
];

/** Counts what deployments do. Services past the first 200 that this process met share one label. */
@Injectable()
export class DeploymentMetrics {
  private readonly services = new Set<string>();

  constructor(
    @InjectMetric('deployments_total') private readonly deployments: Counter,
    @InjectMetric('gate_verdicts_total') private readonly verdicts: Counter,
    @InjectMetric('gate_shadow_verdicts_total') private readonly shadowVerdicts: Counter,
  ) {}

  count({ service, environment, kind, state }: DeploymentEntity): void {
    if (this.services.size < MOST_SERVICES) this.services.add(service);
    const label = this.services.has(service) ? service : '_OTHER';
    this.deployments.inc({ service: label, environment, kind, state });
  }

  countVerdict({ environment }: DeploymentEntity, verdict: GateVerdict): void {
    this.verdicts.inc({ environment, verdict });
  }

  countShadow({ environment }: DeploymentEntity, verdict: GateVerdict): void {
    this.shadowVerdicts.inc({ environment, verdict });
  }
}
