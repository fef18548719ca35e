import type { EventRow } from '../event.model.js';

/** What a chat is told of: what needs a person, and what is over. */
const SENTENCES: Readonly<Record<string, (event: EventRow) => string | null>> = {
  'deployment.verdict-hold': (event) => `${subjectOf(event)} is on hold: a person has to decide.${reasonOf(event)}`,
  'deployment.verdict-rollback': (event) =>
    `${subjectOf(event)} is to be rolled back${targetOf(event)}.${reasonOf(event)}`,
  'deployment.decide-reject': (event) => `${subjectOf(event)} was rejected${targetOf(event)}.${reasonOf(event)}`,
  'deployment.hold-timeout': (event) => `${subjectOf(event)} was rejected, for nobody decided${targetOf(event)}.`,
  'deployment.verdict-promote': (event) =>
    isRollback(event) ? `${subjectOf(event)} is promoted: the rollback is done.` : null,
  'deployment.decide-promote': (event) => `${subjectOf(event)} is promoted by a person.${reasonOf(event)}`,
  'incident.detected': (event) => `Incident: ${String(event.data['title'])}${placeOf(event)}.`,
  'incident.resolved': (event) => `Resolved: ${String(event.data['title'])}${placeOf(event)}.`,
  'sink.test': () => 'A test of Plimsoll: this chat receives its messages.',
};

/** One plain sentence or two, or null for what a chat is not told. */
export function sentenceOf(event: EventRow): string | null {
  return SENTENCES[event.type]?.(event) ?? null;
}

/** Where the board shows what the event is about; null where nobody said where the board is, or nothing is shown there. */
export function linkOf({ incidentId, deploymentId }: EventRow, publicUrl: string | undefined): string | null {
  const page = incidentId ? `incidents/${incidentId}` : deploymentId && `deployments/${deploymentId}`;
  if (!publicUrl || !page) return null;
  return `${publicUrl}${publicUrl.endsWith('/') ? '' : '/'}board/${page}`;
}

/** As Slack, Mattermost and Rocket.Chat take it; what would be markup is not. */
export function slackMessage(text: string, link: string | null): object {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { text: link ? `${plain} <${link}|Look at it>` : plain };
}

/** As a workflow of Teams takes it: an adaptive card. */
export function teamsMessage(text: string, link: string | null): object {
  const actions = link ? [{ type: 'Action.OpenUrl', title: 'Look at it', url: link }] : [];
  const card = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body: [{ type: 'TextBlock', text, wrap: true }],
    actions,
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] };
}

const isRollback = ({ data }: EventRow): boolean => data['kind'] === 'rollback';

function subjectOf(event: EventRow): string {
  return `${event.service} ${event.release?.version ?? ''}${placeOf(event)}`;
}

function placeOf({ environment }: EventRow): string {
  return environment === null ? '' : ` in ${environment}`;
}

function targetOf({ rollbackTo }: EventRow): string {
  return rollbackTo === null ? '; there is no release to go back to' : ` to ${rollbackTo.version}`;
}

function reasonOf({ data }: EventRow): string {
  const [first] = (data['reasons'] ?? []) as { detail?: string }[];
  return first?.detail ? ` ${first.detail.slice(0, 300)}` : '';
}
