export const ATTRIBUTIONS = ['label', 'window', 'manual', 'none'] as const;

/** By what an incident came to its deployment. */
export type AttributionKind = (typeof ATTRIBUTIONS)[number];

export const INCIDENT_STATUSES = ['firing', 'resolved'] as const;

export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** An alert that fires again this soon after its end is the same incident, the limit included. */
export const REOPENS_WITHIN_MS = 5 * 60_000;

/** What an alert says of its times; `endsAt` is null while it fires. */
export interface AlertTimes {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

/** The times of an incident, in which all alerts are that belong to it. */
export interface IncidentTimes extends AlertTimes {
  /** The start of the newest alert in it: what is told of an older one says nothing about now. */
  readonly latestStartsAt: Date;
  readonly reopenedAt: Date | null;
}

export const statusOf = ({ endsAt }: Pick<IncidentTimes, 'endsAt'>): IncidentStatus =>
  endsAt === null ? 'firing' : 'resolved';

/** The incident that an alert begins which belongs to none. */
export function begin({ startsAt, endsAt }: AlertTimes): IncidentTimes {
  return { startsAt, latestStartsAt: startsAt, endsAt, reopenedAt: null };
}

/**
 * Whether an alert belongs to an incident of the same fingerprint: their times overlap, or the later begins at most
 * 5 min after the earlier has ended. Of two Prometheus servers each has its own start for the same alert.
 */
export function belongsTo(alert: AlertTimes, incident: IncidentTimes): boolean {
  return startsSoonAfter(alert.startsAt, incident) && startsSoonAfter(incident.startsAt, alert);
}

function startsSoonAfter(start: Date, { endsAt }: AlertTimes): boolean {
  return endsAt === null || start.getTime() - endsAt.getTime() <= REOPENS_WITHIN_MS;
}

/**
 * The incident once an alert is known that belongs to it. The alerts of one incident may come in any order, and more
 * than once: the outcome is the same. What has ended fires again only by a later start.
 */
export function join(alert: AlertTimes, incident: IncidentTimes): IncidentTimes {
  const { startsAt, latestStartsAt, reopenedAt } = incident;
  if (alert.startsAt > (incident.endsAt ?? latestStartsAt) && alert.startsAt > latestStartsAt) {
    const isReopened = incident.endsAt !== null;
    const times = { startsAt, latestStartsAt: alert.startsAt, endsAt: alert.endsAt };
    return { ...times, reopenedAt: isReopened ? alert.startsAt : reopenedAt };
  }
  const wasOver = alert.endsAt !== null && alert.endsAt < latestStartsAt;
  return {
    startsAt: alert.startsAt < startsAt ? alert.startsAt : startsAt,
    latestStartsAt,
    endsAt: wasOver ? incident.endsAt : laterEnd(alert, incident),
    reopenedAt: wasOver ? latestStartsAt : reopenedAt,
  };
}

/** Of two ends the later; an end goes before none. */
function laterEnd({ endsAt: one }: AlertTimes, { endsAt: other }: AlertTimes): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

const FIELDS = ['startsAt', 'latestStartsAt', 'endsAt', 'reopenedAt'] as const;

export function areSame(one: IncidentTimes, other: IncidentTimes): boolean {
  return FIELDS.every((field) => one[field]?.getTime() === other[field]?.getTime());
}
