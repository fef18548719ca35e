import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What of an incident tells which deployment caused it. */
export interface Suspicion {
  readonly service: string | null;
  readonly environment: string | null;
  readonly startsAt: Date;
  /** The id of a deployment that is named. */
  readonly deployment: string | null;
  /** The digest of a release that is named. */
  readonly digest: string | null;
}

/** The deployment that an incident is attributed to, and the slot that this one is in. */
export interface Culprit {
  readonly deploymentId: string;
  readonly by: 'label' | 'window';
  readonly service: string;
  readonly environment: string;
}

/** One answer for each suspicion, in their order; null where no deployment is to blame. */
export type Attributor = (tx: EntityManager, suspicions: readonly Suspicion[]) => Promise<(Culprit | null)[]>;

/** Incidents as deployments know them: they say which deployment one is attributed to. */
@Injectable()
export class Incidents {
  private attributor: Attributor | null = null;

  /** Sets the one attributor. */
  onAttribution(attributor: Attributor): void {
    this.attributor = attributor;
  }

  /** For the record of incidents. */
  async attribute(tx: EntityManager, suspicions: readonly Suspicion[]): Promise<(Culprit | null)[]> {
    if (!this.attributor) throw new Error('nobody is there to attribute incidents');
    return suspicions.length === 0 ? [] : this.attributor(tx, suspicions);
  }
}
