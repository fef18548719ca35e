import { setImmediate as turn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { assertServiceAllowed } from '../../../platform/auth/access.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { overloaded } from '../../../platform/http/bytes-in-flight.js';
import { parseStrictJson } from '../../../platform/http/input/json-body.js';
import { fieldErrors } from '../../../platform/http/input/validation.js';
import { malformedWebhook } from '../incidents.errors.js';
import { IncidentRecord } from '../record/incident-record.js';
import type { ToldAlert } from '../record/told-alert.js';
import { cutAlerts } from './cut-alerts.js';
import { alertOf, toldAlert, webhookEnvelope } from './webhook.dto.js';

/** So many are written in one transaction, and parsed before others have their turn. */
const BATCH = 200;
/** Taken in at once by this instance, those that wait for their turn included. */
const MOST_AT_ONCE = 16;

/**
 * Takes in what Alertmanager sends. Nothing of a payload is kept where any of it is malformed. A failure leaves a part
 * of it written: the same payload again writes the rest, so that nothing is lost and nothing is told twice.
 */
@Injectable()
export class WebhookIntake {
  private readonly log = new Logger('Alertmanager');
  private taking = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly record: IncidentRecord,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `malformed-json`, `malformed-webhook`, `overloaded`; 403 for an alert of another service */
  async take(principal: Principal, body: Buffer): Promise<void> {
    if (this.taking === MOST_AT_ONCE) throw overloaded(`${MOST_AT_ONCE} webhooks are being taken in.`);
    this.taking += 1;
    try {
      // Once to judge all of it and once to write it, so that only a batch is ever there as objects.
      for await (const batch of this.batches(principal, body)) void batch;
      let written: Promise<unknown> = Promise.resolve();
      for await (const batch of this.batches(principal, body)) {
        await written;
        written = this.inTurn(() => this.database.transaction((tx) => this.record.tell(tx, principal, batch)));
        // The next batch is read meanwhile. A failure is thrown at the next `await`.
        written.catch(() => undefined);
      }
      await written;
    } finally {
      this.taking -= 1;
    }
  }

  /** One batch at a time takes a connection, in the order in which they are ready: a large payload delays no small one. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async *batches(principal: Principal, body: Buffer): AsyncGenerator<ToldAlert[]> {
    const now = this.clock.now();
    const texts = cutAlerts(body);
    let batch: ToldAlert[] = [];
    let text = texts.next();
    for (let n = 0; !text.done; n += 1, text = texts.next()) {
      batch.push(readAlert(text.value, n, principal, now));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
      await turn();
    }
    this.readEnvelope(text.value);
    if (batch.length > 0) yield batch;
  }

  private readEnvelope(text: Buffer): void {
    const envelope = webhookEnvelope.safeParse(parseStrictJson(text));
    if (!envelope.success) throw malformedWebhook(fieldErrors(envelope.error.issues));
    const { truncatedAlerts } = envelope.data;
    if (truncatedAlerts === 0) return;
    this.log.warn({ msg: 'Alertmanager left alerts out: its receiver has max_alerts', truncatedAlerts });
  }
}

function readAlert(text: Buffer, n: number, principal: Principal, now: Date): ToldAlert {
  const parsed = alertOf(parseStrictJson(text));
  if (!parsed.success) throw malformedWebhook(fieldErrors(parsed.error.issues, ['alerts', n]));
  const alert = toldAlert(parsed.data, principal.service, now);
  assertServiceAllowed(principal, alert.service);
  return alert;
}
