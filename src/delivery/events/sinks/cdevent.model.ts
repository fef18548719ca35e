import type { EventRow } from '../event.model.js';

const SPEC_VERSION = '0.5.0';
const SOURCE = '/plimsoll';

/** Only what moves a deployment to its hosts, or ends it, is one of CDEvents. */
const OF_VERDICT = new Set([
  'verdict-promote',
  'verdict-rollback',
  'verdict-hold',
  'decide-promote',
  'decide-reject',
  'hold-timeout',
]);

const VERDICTS: Readonly<Record<string, string>> = { promoted: 'promote', rejected: 'rollback', on_hold: 'hold' };

/** A CloudEvent of a CDEvents type, in structured mode; null for what CDEvents has no word for. */
export function cdEventOf(event: EventRow): object | null {
  const told = typeAndSubject(event);
  if (!told) return null;
  const type = `dev.cdevents.${told.type}.0.3.0`;
  const { id, at } = event;
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type,
    subject: told.subject.id,
    time: at,
    datacontenttype: 'application/json',
    data: {
      context: { version: SPEC_VERSION, id, source: SOURCE, type, timestamp: at },
      subject: { ...told.subject, source: SOURCE },
      customData: { plimsoll: { ...event, position: String(event.position), verdict: verdictOf(event) } },
      customDataContentType: 'application/json',
    },
  };
}

/** What the gate or a person has said of the deployment by this event. */
export function verdictOf({ data }: EventRow): string {
  return VERDICTS[String(data['state'])] ?? 'pending';
}

function typeAndSubject(
  event: EventRow,
): { type: string; subject: { id: string; type: string; content: object } } | null {
  const [kind, happening = ''] = event.type.split('.');
  if (event.type === 'sink.test') return { type: 'service.deployed', subject: serviceOf(event) };
  if (kind === 'deployment' && (happening === 'deployed' || OF_VERDICT.has(happening))) {
    return { type: `service.${serviceEventOf(event)}`, subject: serviceOf(event) };
  }
  if (kind === 'incident' && (happening === 'detected' || happening === 'resolved')) {
    return { type: `incident.${happening}`, subject: incidentOf(event) };
  }
  return null;
}

function serviceEventOf({ data, previousRelease }: EventRow): string {
  if (data['kind'] === 'rollback') return 'rolledback';
  return previousRelease === null ? 'deployed' : 'upgraded';
}

function serviceOf(event: EventRow) {
  const content = { environment: { id: event.environment ?? 'none' }, artifactId: artifactOf(event) };
  return { id: event.service ?? 'none', type: 'service', content };
}

function incidentOf(event: EventRow) {
  const { service, environment, data } = event;
  const content = {
    description: String(data['title'] ?? ''),
    environment: { id: environment ?? 'none' },
    ...(service === null ? {} : { service: { id: service } }),
    ...(event.release === null ? {} : { artifactId: artifactOf(event) }),
  };
  return { id: event.incidentId ?? event.id, type: 'incident', content };
}

/** A package URL of an image; the digest is its version. */
function artifactOf({ service, release }: EventRow): string {
  return `pkg:oci/${service ?? 'none'}@${encodeURIComponent(release?.digest ?? `sha256:${'0'.repeat(64)}`)}`;
}
