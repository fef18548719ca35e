import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../platform/auth/principal.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { DeploymentImports } from '../deployments/imports/deployment-imports.events.js';
import { IncidentImports } from '../incidents/imports/incident-imports.events.js';
import { ReleaseImports } from '../releases/releases.events.js';
import type { Outcomes } from './import-run.js';
import type { DeploymentLine, ImportLine, IncidentLine } from './imports.dto.js';
import { type WaitingLine, WaitingLines } from './waiting-lines.js';

interface Numbered<Entry> {
  readonly number: number;
  readonly entry: Entry;
}

const numbersOf = (lines: readonly Numbered<unknown>[]): number[] => lines.map(({ number }) => number);

/** Hands lines on to the features that they are of. Every call is one transaction's work. */
@Injectable()
export class ImportBatches {
  constructor(
    private readonly releases: ReleaseImports,
    private readonly deployments: DeploymentImports,
    private readonly incidents: IncidentImports,
    private readonly waiting: WaitingLines,
  ) {}

  /** Releases first, since deployments name them. What cannot be done yet waits. */
  async take(
    tx: EntityManager,
    importId: string,
    principal: Principal,
    lines: readonly Numbered<ImportLine>[],
    made: Outcomes,
  ): Promise<void> {
    const { releases, deployments, incidents } = byType(lines);
    const told = releases.map(({ entry: { type: _type, ...release } }) => release);
    made.add('releases', numbersOf(releases), await this.releases.take(tx, told));
    const outcomes = await this.deployments.take(
      tx,
      principal,
      deployments.map(({ entry }) => entry),
    );
    made.add('deployments', numbersOf(deployments), outcomes);
    const early = deployments.filter((_, n) => outcomes[n] === 'waits');
    await this.waiting.add(tx, importId, [...early, ...incidents]);
  }

  async settleDeployments(
    tx: EntityManager,
    principal: Principal,
    lines: readonly WaitingLine<DeploymentLine>[],
    made: Outcomes,
  ): Promise<void> {
    const entries = lines.map(({ entry }) => entry);
    const outcomes = await this.deployments.take(tx, principal, entries);
    for (const [n, entry] of entries.entries()) {
      if (outcomes[n] === 'waits') outcomes[n] = await this.deployments.faults(tx, entry);
    }
    made.add('deployments', numbersOf(lines), outcomes);
  }

  async settleIncidents(tx: EntityManager, lines: readonly WaitingLine<IncidentLine>[], made: Outcomes): Promise<void> {
    const ids = await this.namedBy(tx, lines);
    const isLost = ({ number, entry }: WaitingLine<IncidentLine>): boolean =>
      entry.deploymentExternalId !== null && !ids.has(number);
    const lost = lines.filter(isLost);
    made.add(
      'incidents',
      numbersOf(lost),
      lost.map(() => validationFailed([LOST])),
    );
    const kept = lines.filter((line) => !isLost(line));
    const told = kept.map(({ number, entry }) => ({
      ...entry,
      deployment: ids.get(number) ?? null,
      isUnattributed: entry.attribution === 'none',
    }));
    made.add('incidents', numbersOf(kept), await this.incidents.take(tx, told));
  }

  /** The ids of the deployments that these lines name, by the number of the line. */
  private async namedBy(tx: EntityManager, lines: readonly WaitingLine<IncidentLine>[]): Promise<Map<number, string>> {
    const named = lines.flatMap(({ number, entry: { service, environment, deploymentExternalId: externalId } }) =>
      externalId === null || service === null || environment === null
        ? []
        : [{ number, service, environment, externalId }],
    );
    const ids = await this.deployments.idsOf(tx, named);
    return new Map(named.flatMap(({ number }, n) => (ids[n] ? [[number, ids[n]] as const] : [])));
  }
}

const LOST = { pointer: '/deploymentExternalId', detail: 'The slot has no deployment with this external id' };

function byType(lines: readonly Numbered<ImportLine>[]) {
  const of = <Type extends ImportLine['type']>(type: Type) =>
    lines.filter((line): line is Numbered<Extract<ImportLine, { type: Type }>> => line.entry.type === type);
  return { releases: of('release'), deployments: of('deployment'), incidents: of('incident') };
}
