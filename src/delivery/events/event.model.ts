/** More of a deployment's reasons than this is read at the deployment. */
const MOST_REASONS = 20;

export interface EventFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

/** A row of the outbox as the database gives it. */
export interface StoredEvent {
  /** A bigint comes as text. */
  readonly position: string | null;
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly service: string | null;
  readonly environment: string | null;
  readonly deploymentId: string | null;
  readonly incidentId: string | null;
  readonly release: ReleaseName | null;
  readonly previousRelease: ReleaseName | null;
  readonly rollbackTo: ReleaseName | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A release as others know it. */
export interface ReleaseName {
  readonly digest: string;
  readonly version: string;
}

/** Something that happened, as it is told outside. */
export interface EventRow {
  readonly position: bigint;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly service: string | null;
  readonly environment: string | null;
  readonly deploymentId: string | null;
  readonly incidentId: string | null;
  readonly release: ReleaseName | null;
  /** What ran before the deployment. */
  readonly previousRelease: ReleaseName | null;
  /** Of a deployment that this event rejected: where to go back to. */
  readonly rollbackTo: ReleaseName | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What only the database knows things by. */
const INTERNAL = new Set(['releaseId', 'previousReleaseId']);

export function eventOf(stored: StoredEvent): EventRow {
  const { position, at, data, rollbackTo, ...rest } = stored;
  const told = Object.entries(data).filter(([name]) => !INTERNAL.has(name));
  const bounded = told.map(([name, value]) => [
    name,
    name === 'reasons' && Array.isArray(value) ? value.slice(0, MOST_REASONS) : value,
  ]);
  return {
    position: BigInt(position ?? 0),
    id: rest.id,
    type: rest.type,
    at: at.toISOString(),
    service: rest.service,
    environment: rest.environment,
    deploymentId: rest.deploymentId,
    incidentId: rest.incidentId,
    release: rest.release,
    previousRelease: rest.previousRelease,
    rollbackTo: data['state'] === 'rejected' ? rollbackTo : null,
    data: Object.fromEntries(bounded) as Record<string, unknown>,
  };
}

export function passes({ service, environment }: EventFilter, event: EventRow): boolean {
  return (
    (service === undefined || event.service === service) &&
    (environment === undefined || event.environment === environment)
  );
}

/** As server-sent events have it; the position is the id, by which a client goes on where it was cut off. */
export function frameOf({ position, ...event }: EventRow): string {
  return `id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
