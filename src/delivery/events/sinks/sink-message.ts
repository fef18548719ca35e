import { createHmac } from 'node:crypto';
import type { Sink } from '../../../operations/config/sink-list.js';
import type { EventRow } from '../event.model.js';
import { cdEventOf } from './cdevent.model.js';
import { linkOf, sentenceOf, slackMessage, teamsMessage } from './chat.model.js';

/** What is sent to a sink. */
export interface SinkMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** What a message depends on beside the sink and the event. */
interface Sending {
  readonly now: Date;
  readonly publicUrl: string | undefined;
}

const MESSAGES: Record<Sink['kind'], (sink: Sink, event: EventRow, sending: Sending) => SinkMessage | null> = {
  cdevents: (sink, event, { now }) => {
    const cdEvent = cdEventOf(event);
    if (!cdEvent) return null;
    const body = JSON.stringify(cdEvent);
    const headers = {
      'content-type': 'application/cloudevents+json',
      ...signatures(sink.secret ?? '', event.id, body, now),
    };
    return { body, headers };
  },
  slack: (_sink, event, { publicUrl }) => inChat(event, publicUrl, slackMessage),
  teams: (_sink, event, { publicUrl }) => inChat(event, publicUrl, teamsMessage),
};

/** The message of an event for this sink; null where the sink is not told of it. */
export function messageOf(sink: Sink, event: EventRow, sending: Sending): SinkMessage | null {
  return MESSAGES[sink.kind](sink, event, sending);
}

function inChat(
  event: EventRow,
  publicUrl: string | undefined,
  format: (text: string, link: string | null) => object,
): SinkMessage | null {
  const text = sentenceOf(event);
  return text === null ? null : { body: JSON.stringify(format(text, linkOf(event, publicUrl))), headers: JSON_TYPE };
}

/** Standard Webhooks, and the plain HMAC of the body beside it. A secret `whsec_…` is the base64 of the key. */
function signatures(secret: string, id: string, body: string, now: Date): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const hmac = (text: string) => createHmac('sha256', key).update(text);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac(`${id}.${timestamp}.${body}`).digest('base64')}`,
    'x-plimsoll-signature-256': `sha256=${hmac(body).digest('hex')}`,
  };
}
